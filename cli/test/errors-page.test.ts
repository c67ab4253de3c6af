import { readdirSync, readFileSync } from 'node:fs';
import { ENV } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';

const repository = new URL('../../', import.meta.url);
const PACKAGES = ['policy', 'instrumentation', 'evaluator', 'cli', 'demo'];
const page = readFileSync(new URL('docs/errors.md', repository), 'utf8');

/** Codes in the first column of the tables. */
const documented = [...page.matchAll(/^\| `(GUARDSPAN_[A-Z0-9_]+)` +\|/gm)].map((row) => row[1]!);

/** Codes are the quoted literals of the sources; quoted names of environment variables are all in `ENV`. */
function codesOfSources(): Map<string, string> {
  const variables = new Set<string>(Object.values(ENV));
  const found = new Map<string, string>();
  for (const name of PACKAGES) {
    const folder = new URL(`${name}/src/`, repository);
    for (const file of readdirSync(folder, { recursive: true }).map(String)) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(new URL(file, folder), 'utf8');
      for (const [, code] of text.matchAll(/['"](GUARDSPAN_[A-Z0-9_]+)['"]/g))
        if (!variables.has(code!)) found.set(code!, `${name}/src/${file}`);
    }
  }
  return found;
}

describe('docs/errors.md', () => {
  it('lists every code of the sources', () => {
    const codes = codesOfSources();
    expect(codes.size).toBeGreaterThan(50);
    expect([...codes].filter(([code]) => !documented.includes(code))).toEqual([]);
  });

  it('lists no code that is not in the sources, and none twice', () => {
    const codes = codesOfSources();
    expect(documented.filter((code) => !codes.has(code))).toEqual([]);
    expect(new Set(documented).size).toBe(documented.length);
  });

  it('says cause and remedy of each', () => {
    for (const line of page.split('\n').filter((text) => text.startsWith('| `GUARDSPAN_'))) {
      const cells = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      expect(cells.length, line).toBeGreaterThanOrEqual(3);
      for (const cell of cells) expect(cell, line).not.toBe('');
    }
  });
});
