import { setValue } from '../../documents/edit';
import starters from './starters.gen.json';

/** A tested guard-rail to begin with. */
export interface Starter {
  name: string;
  useCase: string;
  description: string;
  text: string;
}

/** The starters of the `guardspan init` command. */
export const STARTERS: readonly Starter[] = starters;

/** A guard-rail that says nothing yet, with a place for everything that it needs. */
export const EMPTY = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: my-guardrail }
spec:
  description: What it protects, in one sentence.
  match: { models: ['*'] }
  over:
    window: 5m
    every: 15s
    minSamples: 100
    signals:
      p95: { quantile: 0.95, of: duration }
  when: 'p95 > 5.0'
  action: { annotate: { attributes: { guardrail.note: slow } } }
  mode: dryrun
  tests:
    - { name: slow, given: { signals: { p95: 6 } }, expect: { action: annotate } }
    - { name: fast, given: { signals: { p95: 1 } }, expect: { action: allow } }
`;

/** A text as the document of people who work here, not of a repository. */
export function owned(text: string): string {
  return setValue(text, ['metadata', 'managedBy'], 'ui');
}

/** A document under a new name. A copy begins in dryrun, because nobody has seen it act. */
export function copyOf(name: string, source: string): string {
  return owned(setValue(setValue(source, ['metadata', 'name'], `${name}-copy`), ['spec', 'mode'], 'dryrun'));
}
