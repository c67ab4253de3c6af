import { execFileSync } from 'node:child_process';
import { DETECTOR_PACKS } from '@guardspan/policy';

/** Ten conditions on fields of a call, none of which holds for the benchmark's. */
const FIELDS = [
  'input.call.model.name == "gpt-4o"\n\tinput.call.usage.inputTokens > 100000',
  'input.call.tenant in {"blocked-a", "blocked-b"}',
  'input.call.attrs.region == "none"',
  'input.call.operation == "embeddings"\n\tinput.call.streamed',
  'input.call.environment == "staging"\n\tinput.call.tenant == "acme"',
  'startswith(input.call.service, "legacy-")',
  'input.call.model.version != ""\n\tinput.call.model.version < "3"',
  'input.call.attrs.tier == "free"\n\tinput.call.streamed',
  'input.call.model.provider == "unknown"',
  'input.call.tenant == ""\n\tinput.call.operation == "chat"',
];

/** Package of the policy, and its entry point. */
export const PACKAGE = 'bench';

/**
 * Twenty rules on a call: ten on its fields, and ten that read one set of the detectors' patterns that match the text (or without text ten more on fields). Where
 * our detectors go on to count findings, weigh words around them and check sums, this policy knows only whether a pattern matches.
 */
export function regoPolicy(withText: boolean): string {
  const onFields = (from: number): string[] =>
    FIELDS.map((body, index) => `deny contains "bench-${from + index}" if {\n\t${body}\n}`);
  if (!withText) return [`package ${PACKAGE}`, ...onFields(0), ...onFields(10)].join('\n\n');
  const patterns = [...new Set(DETECTOR_PACKS['all']!.map(({ pattern }) => pattern))];
  const onText = Array.from(
    { length: 10 },
    (_, index) => `deny contains "bench-${index + 10}" if count(found) > ${index + 110}`,
  );
  return [
    `package ${PACKAGE}`,
    `patterns := ${JSON.stringify(patterns)}`,
    'found contains pattern if {\n\tsome pattern in patterns\n\tregex.match(pattern, input.text)\n}',
    ...onFields(0),
    ...onText,
  ].join('\n\n');
}

/** The input document: what the rules read of the call, and the text. */
export function regoInput(text: string): object {
  return {
    call: {
      model: { name: 'gpt-4o-mini', version: '', provider: '' },
      ...{ service: 'shop', tenant: 'acme', operation: 'chat', environment: 'prod', streamed: false },
      attrs: { tier: 'paid' },
    },
    text,
  };
}

/** The number of reasons in an answer. @throws Error when the answer is not the policy's */
export function denials(result: unknown): number {
  const { deny } = (result ?? {}) as { deny?: unknown };
  if (!Array.isArray(deny)) throw new Error('the policy gave no answer');
  return deny.length;
}

/** Path of `opa`, or undefined when the set-up could not build one. */
export function opaBinary(): string | undefined {
  return process.env['GUARDSPAN_OPA_BIN'];
}

/** Runs `opa` and waits for its end. @throws Error when it fails */
export function runOpa(...args: string[]): void {
  execFileSync(opaBinary()!, args, { stdio: 'pipe' });
}
