import type { ExternalFinding } from '@guardspan/policy/runtime';
import type { GuardCore } from '../../src/guard/guard-core.js';
import { guardrails, install } from '../guard/fakes.js';

/** Installs one guard-rail that asks the detector `toxicity`. */
export function guard(
  core: GuardCore,
  { at = 'request', position = 'before', deadline = '5s', action = 'deny: {guidance: Say it kindly.}' } = {},
): void {
  const on = at === 'request' ? 'prompt.text' : 'output.text';
  install(
    core,
    guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: kind}
spec:
  at: ${at}
  uses: {toxic: {detector: toxicity, on: ${on}, deadline: ${deadline}, position: ${position}}}
  when: toxic.count > 0
  action: {${action}}
  mode: enforce
`),
  );
}

/** A detector that finds a word in every part, or `*`: something in the whole text, after some milliseconds. */
export function declareToxicity(core: GuardCore, word: string, milliseconds = 5): { asked: number } {
  const seen = { asked: 0 };
  core.declareDetector({
    name: 'toxicity',
    detect: async ({ parts }) => {
      seen.asked += 1;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      if (word === '*') return [{ path: '', entity: 'insult', start: 0, end: 0, score: 0.9 }];
      return parts.flatMap(({ path, text }): ExternalFinding[] => {
        const start = text.indexOf(word);
        return start < 0 ? [] : [{ path, entity: 'insult', start, end: start + word.length, score: 0.9 }];
      });
    },
  });
  return seen;
}
