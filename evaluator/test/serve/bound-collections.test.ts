import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Counters that are young and live on, and how large the space for young objects became. In a process of its own, because it is about the whole process. */
function youngMegabytes(bound: boolean): number {
  const entry = new URL('../../dist/index.js', import.meta.url).href;
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${bound ? `import { boundCollections } from '${entry}'; boundCollections();` : ''}
    const kept = [];
    for (let i = 0; i < 400_000; i++) kept.push(new Array(16).fill(i));
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));
}

it('keeps the space small that one collection copies', () => {
  expect(youngMegabytes(false)).toBeGreaterThanOrEqual(16);
  expect(youngMegabytes(true)).toBeLessThanOrEqual(8);
});
