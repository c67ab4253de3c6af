import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { status } from '../../src/guard/runtime.js';

it('status() has the fields that docs/agent.md explains, and no others', () => {
  const page = readFileSync(new URL('../../../docs/agent.md', import.meta.url), 'utf8');
  const [, section] = page.split('## What it says of itself\n');
  const explained = section!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .flatMap((line) => [...line.slice(0, line.indexOf(':')).matchAll(/`(\w+)`/g)].map((match) => match[1]));
  expect(explained.sort()).toEqual(Object.keys(status()).sort());
});
