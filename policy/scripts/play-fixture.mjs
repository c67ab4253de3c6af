/** Lays the members of `given` over `target`, object by object. */
function merge(target, given) {
  for (const [key, value] of Object.entries(given)) {
    const both = [target[key], value].every(
      (side) => typeof side === 'object' && side !== null && !Array.isArray(side),
    );
    if (both) merge(target[key], value);
    else target[key] = value;
  }
  return target;
}

/** The decision of a decide fixture, as JSON. */
export function playDecide({ guardrails, input }, policy) {
  const { host = {}, texts = [], directives = [] } = input;
  let ids = 0;
  const { set } = policy.GuardrailSet.compile(guardrails);
  const decision = set.decide({
    point: input.point ?? 'request',
    call: merge(policy.createModelCall(), input.call ?? {}),
    texts: () => texts,
    directives,
    freshness: input.freshness ?? 'live',
    host: {
      random: () => host.random ?? 0,
      newId: () => String((ids += 1)).padStart(32, '0'),
      now: () => 0,
      tryAcquire: () => host.tryAcquire ?? false,
      takeProbe: () => host.takeProbe ?? false,
      forbids: (action) => host.forbids?.[action.type] ?? null,
      rego: ({ engine }) => host.rego?.[engine],
    },
  });
  const finished = policy.finishLiterally(decision);
  const settled =
    input.traceId === undefined ? finished : policy.settleSampling(finished, policy.traceShare(input.traceId));
  return JSON.parse(JSON.stringify(settled));
}

/** Findings and masked text of a mask fixture. */
export function playMask({ input }, policy) {
  const findings = policy.detectText(input.detector, input.text, {
    entities: input.entities ?? [],
    minScore: input.minScore ?? 0.5,
  });
  const masked = policy.applyRedactions(
    input.text,
    findings.map(({ start, end, entity }) => ({ start, end, replacement: input.with.replaceAll('{entity}', entity) })),
  );
  return { findings, text: masked };
}
