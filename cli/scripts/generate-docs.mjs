// Renews the generated blocks of docs/: run after `npm run build` when commands, settings or metrics changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { printConfigReference, printMetricReference } from '@guardspan/evaluator';
import { printCliReference } from '../dist/index.js';

for (const [page, text] of [
  ['cli.md', printCliReference()],
  ['configuration.md', printConfigReference()],
  ['metrics.md', printMetricReference()],
]) {
  const file = new URL(`../../docs/${page}`, import.meta.url);
  const block = /(<!-- generated: begin -->\n\n)[\s\S]*(\n\n<!-- generated: end -->)/;
  const before = readFileSync(file, 'utf8');
  if (!block.test(before)) throw new Error(`docs/${page} has no generated block`);
  writeFileSync(
    file,
    before.replace(block, (_, begin, end) => begin + text + end),
  );
}
