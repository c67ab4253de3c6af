import { DETECTOR_PACKS } from './packs.js';

/** The packs and their detectors as Markdown tables; docs/detectors.md holds them. */
export function printDetectors(): string {
  const rows: string[] = [];
  for (const [pack, detectors] of Object.entries(DETECTOR_PACKS)) {
    if (pack === 'all') continue;
    for (const { entity, about, score, context } of detectors) {
      const words = context === undefined ? '' : context.slice(0, 4).join(', ');
      rows.push(`| \`${pack}\` | \`${entity}\` | ${about} | ${score} | ${words} |`);
    }
  }
  return `| Detector | Entity | What it finds, and how it is checked | Base score | Context words (first ones) |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
