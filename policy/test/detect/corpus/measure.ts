import type { Finding } from '../../../src/detect/types.js';
import type { Labelled } from './make-corpus.js';

/** How well a detector does on a labelled corpus. */
export interface Measured {
  /** By entity. A finding is right when it is of the entity and covers at least half of the label, and the label half of it. */
  entities: Record<string, { precision: number; recall: number; right: number; wrong: number; missed: number }>;
  /** Characters that would be redacted outside of labels, per labelled character. */
  excess: number;
  /** The first mistakes of each entity. */
  mistakes: string[];
}

/** Compares findings with labels. */
export function measure(corpus: readonly Labelled[], detect: (text: string) => readonly Finding[]): Measured {
  const entities: Measured['entities'] = {};
  const of = (entity: string): Measured['entities'][string] =>
    (entities[entity] ??= { precision: NaN, recall: NaN, right: 0, wrong: 0, missed: 0 });
  const mistakes: string[] = [];
  let excess = 0;
  let labelledCharacters = 0;
  for (const { text, labels } of corpus) {
    const found = detect(text);
    const open = new Set(labels);
    for (const { start, end } of labels) labelledCharacters += end - start;
    for (const finding of found) {
      const inside = labels.reduce(
        (sum, label) => sum + Math.max(0, Math.min(label.end, finding.end) - Math.max(label.start, finding.start)),
        0,
      );
      excess += finding.end - finding.start - inside;
      const label = [...open].find((one) => one.entity === finding.entity && overlap(one, finding) >= 0.5);
      if (label) {
        open.delete(label);
        of(finding.entity).right += 1;
        if (overlap(label, finding) < 1)
          mistakes.push(
            `edge ${finding.entity}: ${text.slice(finding.start, finding.end)} for ${text.slice(label.start, label.end)}`,
          );
      } else {
        of(finding.entity).wrong += 1;
        mistakes.push(`wrong ${finding.entity}: ${text.slice(finding.start, finding.end)} in ${JSON.stringify(text)}`);
      }
    }
    for (const { entity, start, end } of open) {
      of(entity).missed += 1;
      mistakes.push(`missed ${entity}: ${text.slice(start, end)} in ${JSON.stringify(text)}`);
    }
  }
  for (const entry of Object.values(entities)) {
    entry.precision = entry.right / (entry.right + entry.wrong);
    entry.recall = entry.right / (entry.right + entry.missed);
  }
  return { entities, excess: excess / labelledCharacters, mistakes };
}

/** Intersection over union. */
function overlap(a: { start: number; end: number }, b: { start: number; end: number }): number {
  const both = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return both <= 0 ? 0 : both / (Math.max(a.end, b.end) - Math.min(a.start, b.start));
}
