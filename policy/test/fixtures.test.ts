import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playDecide, playMask } from '../scripts/play-fixture.mjs';
import * as policy from '../src/index.js';

const root = new URL('../../test/fixtures/v1/', import.meta.url);
const list = (folder: string): string[] => readdirSync(new URL(`${folder}/`, root)).sort();
const read = <T>(folder: string, file: string): T =>
  JSON.parse(readFileSync(new URL(`${folder}/${file}`, root), 'utf8')) as T;

interface DecideFixture {
  guardrails: policy.RevisedGuardrail[];
  input: Record<string, unknown>;
  expected: unknown;
}
interface MaskFixture {
  input: { detector: string; text: string; with: string };
  expected: unknown;
}
interface ChannelFixture {
  direction: 'client' | 'server';
  message: unknown;
  valid: boolean;
}

describe('language-neutral fixtures', () => {
  it.each(list('decide'))('decide/%s', (file) => {
    const fixture = read<DecideFixture>('decide', file);
    expect(playDecide(fixture, policy)).toEqual(fixture.expected);
  });
  it.each(list('mask'))('mask/%s', (file) => {
    const fixture = read<MaskFixture>('mask', file);
    expect(playMask(fixture, policy)).toEqual(fixture.expected);
  });
  it.each(list('channel'))('channel/%s', (file) => {
    const { direction, message, valid } = read<ChannelFixture>('channel', file);
    const schema = direction === 'client' ? policy.clientMessageSchema : policy.serverMessageSchema;
    expect(schema.safeParse(message).success).toBe(valid);
    if (direction === 'server') expect(policy.isServerMessage(message)).toBe(valid);
  });
  it('show every disposition', () => {
    const shown = list('decide').map(
      (file) => read<{ expected: { disposition: string } }>('decide', file).expected.disposition,
    );
    expect([...new Set(shown)].sort()).toEqual([...policy.DISPOSITIONS].sort());
  });
  it('show a valid and an invalid example of every message', () => {
    const shown = list('channel').map((file) => read<ChannelFixture>('channel', file));
    const types = (schema: { options: readonly { shape: { type: { value: string } } }[] }): string[] =>
      schema.options.map((option) => option.shape.type.value);
    for (const type of [...types(policy.clientMessageSchema), ...types(policy.serverMessageSchema)]) {
      const of = shown.filter(({ message }) => (message as { type: string }).type === type);
      expect(new Set(of.map(({ valid }) => valid)), type).toEqual(new Set([true, false]));
    }
  });
});
