import { describe, expect, it } from 'vitest';
import { ATTR } from '@guardspan/policy/runtime';
import { withCallAttributes } from '../../src/guard/call-attributes.js';
import { MAX_TOLD, toldText, toldValues } from '../../src/guard/told-values.js';
import { callStart, guardrails, install, makeCore } from './fakes.js';

const SECRETS = {
  email: 'jane.roe@example.com',
  card: '4111 1111 1111 1111',
  key: 'AKIAIOSFODNN7EXAMPLE',
  jwt: `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0NTY3ODkwIn0'.repeat(20)}.${'dBjftJeZ4CVP'.repeat(4)}`,
};
/** Pieces of a secret that are long enough to tell something. */
function pieces(secret: string): string[] {
  return Array.from({ length: secret.length - 5 }, (_, at) => secret.slice(at, at + 6));
}

describe('a text that leaves the process', () => {
  it('is whole up to its length', () => {
    const text = 'jane.roe@example.com'.padEnd(MAX_TOLD, ' x');
    expect(toldText(text)).toBe(text);
  });

  it.each(Object.entries(SECRETS))('shows no part of a secret wherever the cut comes: %s', (_, secret) => {
    const all = pieces(secret);
    for (let before = MAX_TOLD - secret.length - 12; before <= MAX_TOLD + 4; before++) {
      const told = toldText(`${'a '.repeat(200).slice(0, Math.max(0, before))} ${secret} ${'and so on '.repeat(40)}`);
      expect(told.length).toBeLessThanOrEqual(MAX_TOLD + 1);
      expect(all.find((piece) => told.includes(piece))).toBeUndefined();
    }
  });

  it('is cut between characters', () => {
    const told = toldText(`${'a'.repeat(MAX_TOLD - 1)}${'😀'.repeat(10)}`);
    expect(told).toBe(`${'a'.repeat(MAX_TOLD - 1)}…`);
    expect(told).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  it('shows nothing of an end that was not looked at', () => {
    expect(toldText(`${'x'.repeat(65_530)}@example.com ${'y'.repeat(99_000)}`)).not.toContain('example');
  });
});

describe('captured values', () => {
  it('are the same map when nothing is long, at any depth cut when something is, and cut once', () => {
    const short = { a: 'x', b: [1, { c: 'y' }] };
    expect(toldValues(short)).toBe(short);
    const long = { n: 7, list: ['s', { deep: `to ${SECRETS.email} ${'w'.repeat(400)}` }] };
    const cut = toldValues(long);
    expect(cut).toEqual({ n: 7, list: ['s', { deep: expect.stringMatching(/^to <email> w+…$/) as string }] });
    expect(toldValues(long)).toBe(cut);
    expect(long.list[1]).toMatchObject({ deep: expect.stringContaining(SECRETS.email) as string });
  });

  it('are cut on the record only: the guard reads them whole', () => {
    const { core, fed } = makeCore();
    install(
      core,
      guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ends-well}
spec:
  at: request
  when: "features.note.endsWith('STOP')"
  action: {deny: {}}
  mode: enforce
`),
    );
    const note = `${SECRETS.email} ${'w'.repeat(500)} STOP`;
    const denied = withCallAttributes({ attrs: { plan: 'pro' } }, () =>
      core.begin(callStart({ features: { age: 4, note } })),
    );
    expect(denied.decision.action).toBe('deny');
    denied.end();
    const told = fed[0]!.attributes;
    expect(told[ATTR.INPUT_FEATURES]).toEqual({ age: 4, note: expect.stringMatching(/^<email> w+…$/) as string });
    expect(told[ATTR.INPUT_TRUNCATED]).toBe(true);
    expect(told[`${ATTR.ATTRS_PREFIX}plan`]).toBe('pro');

    const answered = core.begin(callStart({ features: { age: 4, note: 'short' } }));
    answered.answered({ output: { label: `no, ${SECRETS.key} ${'w'.repeat(400)}`, values: { why: 'z'.repeat(300) } } });
    answered.end();
    const second = fed[1]!.attributes;
    expect(second).not.toHaveProperty([ATTR.INPUT_TRUNCATED]);
    expect(second[ATTR.OUTPUT_LABEL]).toMatch(/^no, <api_key> w+…$/);
    expect(second[ATTR.OUTPUT_VALUES]).toEqual({ why: `${'z'.repeat(MAX_TOLD)}…` });
  });
});
