// Hand-written inputs of the language-neutral fixtures.
const inline = { at: 'request', when: 'streamed', mode: 'enforce' };
const deny = { ...inline, action: { deny: { guidance: 'Ask without streaming.' } } };
const redact = {
  at: 'request',
  uses: { pii: { detector: 'pii', on: 'prompt.text' } },
  when: 'pii.count > 0',
  mode: 'enforce',
  action: { redact: { detections: ['pii'] } },
  message: 'replaced {pii} items',
};
const rewrite = { at: 'request', when: 'true', mode: 'enforce', action: { rewrite: { with: 'Briefly: {text}' } } };
const reroute = (to, percent = 100) => ({ ...inline, action: { reroute: { to, percent } } });
const windowed = {
  over: { window: '5m', signals: { n: { count: 'true' } } },
  when: 'n > 10',
  mode: 'enforce',
  action: { reroute: { to: 'other' } },
};
const rego = {
  ...{ at: 'request', mode: 'enforce', action: { deny: { status: 451 } } },
  rego: { engine: 'residency', path: 'guardspan/residency' },
};
const answers = (value) => ({ host: { rego: { residency: { value } } } });
const streamed = { model: { name: 'm', version: '1' }, service: 's', streamed: true };
const ACTIONS = {
  shutdown: { type: 'shutdown', status: 503, retryAfter: 30, fallback: 'canned' },
  throttle: { type: 'throttle', rate: 5, burst: 5, status: 429, retryAfter: 1 },
  reroute: { type: 'reroute', to: 'other', percent: 100 },
  annotate: { type: 'annotate', attributes: { team: 'risk' } },
};
const directive = (kind, rest = {}) => ({
  id: `d-${kind}`,
  guardrail: `g-${kind}`,
  revision: '0'.repeat(64),
  verdict: `v-${kind}`,
  scope: { model: 'm' },
  action: ACTIONS[kind],
  mode: 'enforce',
  code: 'condition',
  message: 'p95 is 2.1',
  trace: [{ expression: 'p95 > 1.5', value: true, evaluated: true }],
  onStale: 'allow',
  stale: false,
  ...rest,
});
const everything = Object.fromEntries(
  ['services', 'models', 'versions', 'environments', 'tenants', 'operations', 'featureViews'].map((key) => [key, []]),
);
const exception = (rest = {}) => ({
  ...{ name: 'migration', revision: '1'.repeat(64), expires: 2000 },
  ...{ match: { ...everything, services: ['s'] }, ...rest },
});
const started = (startedAt) => ({ call: { ...streamed, startedAt } });
const texts = [{ path: 'messages.0', role: 'user', text: 'mail jane@example.com' }];
const sample = (percent) => ({ ...inline, action: { sample: { percent } } });
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const one = (guardrail, rest = {}) => ({ guardrails: [guardrail], call: streamed, ...rest });
const held = (kind, rest = {}, host = {}) => ({
  guardrails: [],
  call: streamed,
  directives: [directive(kind, rest)],
  host,
});

const narrowed = (keys, call = {}) => ({
  guardrails: [{ ...windowed, ...keys, name: 'g-reroute' }],
  directives: [directive('reroute')],
  call: { ...streamed, ...call },
});
const ROLLOUT = { rollout: { percent: 50, by: 'tenant', seed: 'canary' } };
const OVERRIDES = {
  overrides: [
    { environments: ['staging'], mode: 'warn' },
    { environments: ['test*'], mode: 'off' },
  ],
};
const VALUES = {
  ...{ at: 'request', mode: 'enforce', when: 'inputs.count > 0', action: { deny: {} } },
  uses: {
    inputs: {
      detector: 'values',
      on: 'features',
      values: { age: { min: 18, max: 120 }, region: { oneOf: ['north', 'south'] } },
    },
  },
  message: '{inputs} wrong: {inputs.fields}',
};

export const DECIDE = {
  exempted: one({ ...deny, exceptions: [exception()] }, started(1999)),
  'exception-expired': one({ ...deny, exceptions: [exception()] }, started(2000)),
  'exception-of-other-calls': one({ ...deny, exceptions: [exception({ where: "tenant == 'acme'" })] }, started(1)),
  'exception-cannot-be-evaluated': one(
    { ...deny, exceptions: [exception({ where: 'features.missing > 1.0' })] },
    started(1),
  ),
  'exempted-from-directive': {
    guardrails: [{ ...windowed, name: 'g-reroute', exceptions: [exception()] }],
    directives: [directive('reroute')],
    ...started(1),
  },
  'exempted-without-evaluator': one(
    { ...windowed, onStale: 'deny', exceptions: [exception()] },
    { freshness: 'none', ...started(1) },
  ),
  'allow-all-pass': one(deny, { call: { streamed: false } }),
  'not-evaluated-no-guardrails': { guardrails: [], call: streamed, freshness: 'none' },
  'enforced-deny': one(deny),
  'would-act-dryrun': one({ ...deny, mode: 'dryrun' }),
  'would-act-warn': one({ ...deny, mode: 'warn' }),
  'mode-off': one({ ...deny, mode: 'off' }),
  'no-match': one({ ...deny, match: { models: ['other-*'] } }),
  'match-glob': one({ ...deny, match: { models: ['*'], services: ['s*'] } }),
  'enforced-redact': one(redact, { texts }),
  'rewrite-with': one(rewrite, { texts }),
  'rewrite-after-redact': { guardrails: [redact, { ...rewrite, name: 'guard-z' }], call: streamed, texts },
  'redact-clean': one(redact, { texts: [{ path: 'p', role: 'user', text: 'hello' }] }),
  'redact-dryrun': one({ ...redact, mode: 'dryrun' }, { texts }),
  'deny-beats-redact': { guardrails: [deny, redact], call: streamed, texts },
  'redactions-compose': { guardrails: [redact, { ...redact, name: 'guard-z' }], call: streamed, texts },
  'reroute-conflict': { guardrails: [reroute('first'), reroute('second')], call: streamed },
  'reroute-inside-percent': one(reroute('first', 25), { host: { random: 0.24 } }),
  'reroute-outside-percent': one(reroute('first', 25), { host: { random: 0.25 } }),
  'inline-throttle-passes': one({ ...inline, action: { throttle: { rate: 5 } } }, { host: { tryAcquire: true } }),
  'inline-throttle-refuses': one({ ...inline, action: { throttle: { rate: 5 } } }),
  annotate: one({ ...inline, action: { annotate: { attributes: { team: 'risk' } } } }),
  // The trace stands at 63.5 of 100.
  'sample-marked': one(sample(64), { traceId: TRACE_ID }),
  'sample-left-out': one(sample(63), { traceId: TRACE_ID }),
  'sample-one-of-two': { guardrails: [sample(63), sample(64)], call: streamed, traceId: TRACE_ID },
  'sample-dryrun': one({ ...sample(100), mode: 'dryrun' }, { traceId: TRACE_ID }),
  'forbidden-here': one(deny, { host: { forbids: { deny: 'forbidden_here' } } }),
  killed: one(deny, { host: { forbids: { deny: 'killed' } } }),
  'enforced-stale-knowledge': one(deny, { freshness: 'stale' }),
  'error-fails-closed': one({ ...deny, when: 'features.missing > 1.0' }),
  'error-fails-open': one({ ...deny, when: 'features.missing > 1.0', onError: 'allow' }),
  'error-in-dryrun': one({ ...deny, when: 'features.missing > 1.0', mode: 'dryrun' }),
  'unparsable-fails-closed': one(deny, { broken: true }),
  'unparsable-fails-open': one(reroute('first'), { broken: true }),
  'no-evaluator-fails-open': one(windowed, { freshness: 'none' }),
  'no-evaluator-deny-stale': one({ ...windowed, onStale: 'deny' }, { freshness: 'none' }),
  'windowed-live-without-directive': one(windowed),
  'directive-shutdown': held('shutdown'),
  'directive-throttle-refused': held('throttle'),
  'directive-throttle-passes': held('throttle', {}, { tryAcquire: true }),
  'directive-reroute': held('reroute'),
  'directive-annotate': held('annotate'),
  'directive-dryrun': held('shutdown', { mode: 'dryrun' }),
  'directive-probe': held('reroute', {}, { takeProbe: true }),
  'directive-stale-keep': held('reroute', { stale: true, onStale: 'keep' }),
  'directive-stale-allow': held('reroute', { stale: true }),
  'directive-stale-deny': held('reroute', { stale: true, onStale: 'deny' }),
  'directive-forbidden': held('shutdown', {}, { forbids: { shutdown: 'forbidden_here' } }),
  'window-where-holds': narrowed({ where: "tenant == 'acme'" }, { tenant: 'acme' }),
  'window-where-does-not-hold': narrowed({ where: "tenant == 'acme'" }, { tenant: 'other' }),
  'window-where-cannot-be-evaluated': narrowed({ where: 'features.missing > 1.0' }),
  'window-inside-rollout': narrowed(ROLLOUT, { tenant: 'tenant-0' }),
  'window-outside-rollout': narrowed(ROLLOUT, { tenant: 'tenant-9' }),
  'window-override-weaker': narrowed(OVERRIDES, { environment: 'staging' }),
  'window-override-off': narrowed(OVERRIDES, { environment: 'test' }),
  'window-not-expired': narrowed({ expires: '2027-06-30' }, { startedAt: 1814313599 }),
  'window-expired': narrowed({ expires: '2027-06-30' }, { startedAt: 1814313600 }),
  'values-wrong': one(VALUES, { call: { features: { age: 400, region: 'west' } } }),
  'values-missing': one(VALUES, { call: { features: { region: 'north' } } }),
  'values-right': one(VALUES, { call: { features: { age: 40, region: 'north' } } }),
  'shutdown-beats-throttle': {
    guardrails: [],
    call: streamed,
    directives: [directive('throttle'), directive('shutdown')],
  },
  'rego-denies': one(rego, answers({ deny: ['b leaves', 'a leaves'], warn: ['c'] })),
  'rego-warns': one(rego, answers({ deny: [], warn: [{ msg: 'unknown tenant' }] })),
  'rego-passes': one(rego, answers({ deny: [], other: 1 })),
  'rego-decides': one(
    { ...rego, message: 'no: {reasons}' },
    answers({ decision: { decision: 'deny', reasons: ['x'] } }),
  ),
  'rego-when-does-not-hold': one({ ...rego, when: '!streamed' }, answers({ deny: ['a'] })),
  'rego-says-nothing': one(rego, { host: { rego: { residency: {} } } }),
  'rego-breaks-the-contract': one(rego, answers({ deny: 'yes' })),
  'rego-without-an-engine': one({ ...rego, onError: 'allow' }),
  'rego-of-a-server-that-nobody-asked': one({ ...rego, rego: { ...rego.rego, deadline: '50ms' } }),
  'response-deny': one(
    { ...deny, at: 'response', when: "output.label == 'reject'" },
    { point: 'response', call: { output: { label: 'reject' } } },
  ),
};

const mask = (text, rest = {}) => ({ detector: 'pii', text, with: '<{entity}>', ...rest });
export const MASK = {
  clean: mask('nothing to see here'),
  email: mask('mail jane@example.com today'),
  'two-emails': mask('a@example.com,b@example.com'),
  phone: mask('call +1 415 555 0132 now'),
  'credit-card': mask('card 4111 1111 1111 1111'),
  'credit-card-wrong-checksum': mask('card 4111 1111 1111 1112'),
  iban: mask('pay GB82 WEST 1234 5698 7654 32'),
  'ip-version-4': mask('from 10.0.0.1.'),
  'ip-version-6': mask('from 2001:db8::8a2e:370:7334'),
  'version-number': mask('version 1.2.3.4.5'),
  ssn: mask('ssn 536-90-4399'),
  'only-named-entities': mask('jane@example.com 10.0.0.1', { entities: ['ip'] }),
  'minimum-score': mask('from 10.0.0.1', { minScore: 0.9 }),
  'surrogate-pairs': mask('😀 jane@example.com 😀'),
  'fixed-replacement': mask('jane@example.com', { with: '***' }),
  'api-key': mask('key AKIAIOSFODNN7EXAMPLE', { detector: 'secrets' }),
  jwt: mask('Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', { detector: 'secrets' }),
};
