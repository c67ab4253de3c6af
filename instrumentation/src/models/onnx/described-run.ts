import type { CallValue } from '@guardspan/policy/runtime';
import type { Capture } from '../../guard/types.js';
import type { ModelAnswer, ModelDeclaration } from './declared-models.js';
import { elementsOf, namedValues, onlyElementOf, pick } from './tensor-values.js';

type Tensors = Readonly<Record<string, unknown>>;

/** Wanted features of a run: named as declared, else by the names of the inputs. Throws what the application's own function throws. */
export function featuresOf(
  feeds: Tensors,
  declaration: ModelDeclaration | undefined,
  wanted: Capture['features'],
): { [name: string]: CallValue } {
  const features = declaration?.features;
  if (features === undefined) return namedValues(feeds, wanted);
  if (typeof features === 'function') return pick(features(feeds), wanted);
  const columns = elementsOf(Object.values(feeds)[0]);
  // A batch of several rows has no one value per column.
  if (columns?.length !== features.length) return {};
  return pick(Object.fromEntries(features.map((name, index) => [name, columns[index]!])), wanted);
}

function answerOf(
  results: Tensors,
  declaration: ModelDeclaration | undefined,
  wanted: Capture['outputs'],
): ModelAnswer {
  const answer: ModelAnswer = declaration?.output ? { ...declaration.output(results) } : defaultAnswer(results);
  const values = answer.values ?? (wanted === 'none' ? {} : namedValues(results, wanted));
  answer.values = wanted === 'none' ? {} : pick(values, wanted);
  return answer;
}

/** Label, score and wanted values of a run. The application's own function may fail on an answer, which then stays what it is; its record says less. */
export function knownAnswer(...args: Parameters<typeof answerOf>): ModelAnswer {
  try {
    return answerOf(...args);
  } catch {
    return {};
  }
}

function defaultAnswer(results: Tensors): ModelAnswer {
  const answer: ModelAnswer = {};
  const label = onlyElementOf(results['label'] ?? results['output_label']);
  const score = onlyElementOf(results['score']);
  if (label !== undefined) answer.label = String(label);
  if (typeof score === 'number') answer.score = score;
  return answer;
}
