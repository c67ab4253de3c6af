import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url);

it('docs/errors.md explains every code that the package raises', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!names)\.ts$/.test(file),
  );
  const text = files.map((file) => readFileSync(new URL(file, source), 'utf8')).join('\n');
  const raised = new Set([...text.matchAll(/'(GUARDSPAN_[A-Z_]+)'/g)].map((match) => match[1]!));
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  expect(raised.size).toBeGreaterThan(25);
  expect([...raised].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
