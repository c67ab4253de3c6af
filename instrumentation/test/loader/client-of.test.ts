import { expect, it } from 'vitest';
import { clientOf } from '../../src/loader/client-of.js';

it('knows a client by its name, and by the name that Turbopack gives to what it leaves out of a bundle', () => {
  expect(clientOf('openai')).toBe('openai');
  expect(clientOf('openai-f0ed28f090f94724')).toBe('openai');
  expect(clientOf('@anthropic-ai/sdk-0123456789abcdef')).toBe('@anthropic-ai/sdk');
});

it('takes nothing else for a client', () => {
  const others = [
    undefined,
    '',
    'openai/resources',
    'openai-edge',
    'openai-f0ed28f090f9472',
    'express-f0ed28f090f94724',
  ];
  for (const specifier of others) expect(clientOf(specifier)).toBeUndefined();
});
