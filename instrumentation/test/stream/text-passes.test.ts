import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import type { StreamGuard } from '../../src/stream/stream-guard.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';
import { cuts, REDACT_MAIL, stream, streamEvents } from './stream-answer.js';
import { AS_VALUES, IN_ONE_PIECE, WIRES } from './tool-wires.js';

const TOOLS_ONLY = REDACT_MAIL.replace('no-mail', 'mail-to-tools').replace('[mail] }', "[mail], tools: ['*'] }");
/** Watches texts and tools, for more than the redaction looks for, and never acts. */
const WATCH = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: watch }
spec:
  at: chunk
  uses: { keys: { detector: secrets, on: output.text }, all: { detector: pii, on: output.text } }
  when: keys.count + all.count > 0
  action: { deny: {} }
  mode: dryrun
`;
const NO_PAY = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-pay }
spec: { at: chunk, when: "toolCalls.exists(call, call.name == 'pay')", action: { deny: {} }, mode: enforce }
`;
const TEXT = 'Write to jane@mail.example.com or call +1 415 555 0100 today.';
const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ1A'.repeat(100)}`;

function guardOf(documents: string, maxHeld = 8192): StreamGuard {
  const { core } = makeCore({ maxHeld, allow: ACTION_TYPES });
  install(core, guardrails(documents));
  const all = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
  return core.begin(callStart({ can: all, streamed: true })).streaming()!;
}

const said = (guard: StreamGuard): string[] =>
  (guard.decision?.verdicts ?? []).map((each) => `${each.guardrail} ${each.code}`);

describe.each([
  ['a redaction that names tools', TOOLS_ONLY],
  ['a denial of calls of tools', NO_PAY],
  ['both', `${TOOLS_ONLY}---${NO_PAY}`],
])('the text of an answer under %s', (_name, acting) => {
  const documents = `${acting}---${WATCH}`;

  it('goes out as it comes, wherever it is cut, and is watched all the same', () => {
    for (const pieces of cuts(TEXT)) {
      const guard = guardOf(documents);
      for (const piece of pieces) {
        expect(guard.push('content', piece)).toBe(piece);
        expect(guard.heldAt('content')).toBe(0);
        expect(guard.waiting()).toEqual([]);
      }
      expect(guard.finish('content')).toBe('');
      expect(guard.stats.heldMax).toBe(0);
      expect(guard.refusal).toBeNull();
      expect(said(guard)).toEqual(['watch condition']);
    }
  });

  it('goes out also when it is one long finding that never ends, which is put on record', () => {
    const guard = guardOf(documents, 400);
    for (const char of PEM) expect(guard.push('content', char)).toBe(char);
    expect(guard.finish('content')).toBe('');
    expect(guard.refusal).toBeNull();
    expect(said(guard)).toContain('watch saturated');
  });

  it('waits as soon as a guard-rail can act on it', () => {
    const guard = guardOf(`${documents}---${REDACT_MAIL}`);
    const out = [...TEXT].map((char) => guard.push('content', char)).join('') + guard.finish('content');
    expect(out).toBe(TEXT.replace('jane@mail.example.com', '<email>'));
    expect(guard.stats.heldMax).toBeGreaterThanOrEqual('jane@mail.example.com'.length);
  });
});

it('delays no event of a text that stands beside calls of tools', () => {
  const chat = WIRES['openai chat']!;
  const event = (delta: object, finish_reason: string | null = null): object => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const texts = [...TEXT].map((content) => event({ content }));
  const { out } = streamEvents(chat, `${TOOLS_ONLY}---${WATCH}`, texts);
  expect(out).toEqual(texts);
});

describe.each(Object.entries(WIRES))('what tools are given in a streamed answer of %s', (client, wire) => {
  const key = 'AKIA2E0A8F3B244C9986';
  const source = `{"to":"jane\\u0040mail.example.com","note":"mail jane@mail.example.com, not ${key}"}`;
  const given = source.replace('jane\\u0040mail.example.com', '<email>').replace('jane@mail.example.com', '<email>');
  const ways = IN_ONE_PIECE.includes(client) ? [[source]] : cuts(source);

  it('is changed before it goes out, at every cut', () => {
    for (const pieces of ways) {
      const streamed = stream(wire, `${TOOLS_ONLY}---${WATCH}`, [{ name: 'pay', pieces }]);
      expect(streamed.given).toEqual([AS_VALUES.includes(client) ? JSON.stringify(JSON.parse(given)) : given]);
      expect(streamed.problems).toBe(0);
      expect(JSON.stringify(streamed.out)).not.toMatch(/jane|mail\.example/);
    }
  });

  it('does not go out to a tool that is denied, at every cut', () => {
    for (const pieces of ways) {
      const streamed = stream(wire, `${NO_PAY}---${WATCH}`, [{ name: 'pay', pieces }]);
      expect(streamed.refusal).toMatchObject({ guardrail: 'no-pay' });
      expect(JSON.stringify(streamed.out)).not.toMatch(/jane|AKIA/);
    }
  });
});

it('refuses what a tool is given when more of it would have to wait than may', () => {
  const guard = guardOf(TOOLS_ONLY, 400);
  guard.tool('arguments', 'pay');
  const long = `{"to":"${'a'.repeat(900)}@mail.example.com"}`;
  const out = [...long].map((char) => guard.push('arguments', char, true)).join('') + guard.finish('arguments');
  expect(guard.refusal).toMatchObject({ guardrail: 'mail-to-tools' });
  expect(out).not.toContain('mail.example');
});
