import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const root = fileURLToPath(new URL('../../test/cases/', import.meta.url));
/** Cases that hold dates are judged at one time. */
const NOW = Date.parse('2026-01-01') / 1000;
const inputs = readdirSync(root, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('input.yaml'))
  .map((path) => join(root, path));

describe('guardspan check on test/cases', () => {
  it('finds cases', () => expect(inputs.length).toBeGreaterThan(30));

  it.each(inputs.map((path) => [relative(root, dirname(path)), path]))(
    '%s prints its golden files',
    async (_, path) => {
      const golden = (name: string): string => readFileSync(join(dirname(path), name), 'utf8');
      const { code, out, err } = await guardspan(['check', path], { now: NOW });
      expect(out.replaceAll(path, 'input.yaml')).toBe(golden('golden.txt'));
      expect([code, err]).toEqual([out === '' ? 0 : 1, '']);

      const json = await guardspan(['check', '--format', 'json', path], { now: NOW });
      const { problems } = JSON.parse(json.out.replaceAll(path, 'input.yaml')) as {
        problems: { code: string }[];
      };
      const loading = problems.filter((problem) => problem.code !== 'GUARDSPAN_TEST_FAILED');

      const { errors } = JSON.parse(golden('golden.json')) as { errors: object[] };
      expect(loading).toEqual(errors.map((error) => ({ ...error, severity: 'error' })));
    },
  );
});
