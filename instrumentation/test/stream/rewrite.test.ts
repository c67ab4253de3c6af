import { describe, expect, it } from 'vitest';
import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { ChatRewriter } from '../../src/models/openai/stream/chat-rewriter.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';
import { cuts, stream, streamEvents } from './stream-answer.js';
import { AS_VALUES, IN_ONE_PIECE, WIRES } from './tool-wires.js';

const MAIL = 'jane@mail.example.com';
const LITERAL = 'I cannot say that.';
const REWRITE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: chunk
  uses: { mail: { detector: pii, on: output.text, entities: [email] } }
  when: mail.count > 0
  action: { rewrite: { with: ${LITERAL} } }
  mode: enforce
`;
const OF_CALLS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: after-payments }
spec:
  at: chunk
  when: "toolCalls.exists(call, call.name == 'pay')"
  action: { rewrite: { with: ${LITERAL} } }
  mode: enforce
`;

const chat = WIRES['openai chat']!;
const delta = (content: object, index = 0, finish_reason: string | null = null): object => ({
  choices: [{ index, delta: content, finish_reason }],
});
const say = (content: string, index = 0): object => delta({ content }, index);
const stop = (index = 0): object => delta({}, index, 'stop');

interface Chunk {
  choices: { index: number; delta: { content?: string; reasoning?: string }; finish_reason: string | null }[];
}
function textOf(out: readonly unknown[], choice = 0, field: 'content' | 'reasoning' = 'content'): string {
  return (out as Chunk[])
    .flatMap(({ choices }) => choices)
    .filter(({ index }) => index === choice)
    .map(({ delta: { [field]: text = '' } }) => text)
    .join('');
}

describe('a literal in a streamed answer', () => {
  it('takes the place of what is held and of the rest, wherever the answer is cut, and the answer ends as it would', () => {
    const text = `Write to ${MAIL} today, and to all the others.`;
    for (const pieces of cuts(text)) {
      const { out, refusal, problems } = streamEvents(chat, REWRITE, [...pieces.map((piece) => say(piece)), stop()]);
      expect([refusal, problems]).toEqual([null, 0]);
      const got = textOf(out);
      expect(got.endsWith(LITERAL)).toBe(true);
      expect('Write to '.startsWith(got.slice(0, -LITERAL.length))).toBe(true);
      expect(out.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    }
  });

  it('comes with the last piece, too', () => {
    const { out } = streamEvents(chat, REWRITE, [say('Write to '), say(MAIL), stop()]);
    expect(textOf(out)).toBe(`Write to ${LITERAL}`);
    expect(textOf(streamEvents(chat, REWRITE, [say(`Write to ${MAIL}`)]).out)).toBe(`Write to ${LITERAL}`);
  });

  it('leaves an answer alone about which the condition is never true', () => {
    const { out } = streamEvents(chat, REWRITE, [say('Write to no'), say('body.'), stop()]);
    expect(textOf(out)).toBe('Write to nobody.');
  });

  it('is about one choice: the other goes on', () => {
    const { out } = streamEvents(chat, REWRITE, [
      ...[say('one ', 0), say('two ', 1), say(`${MAIL} `, 0), say('and on ', 1), say('and more', 0)],
      ...[stop(0), say('to the end', 1), stop(1)],
    ]);
    expect(textOf(out, 0)).toBe(`one ${LITERAL}`);
    expect(textOf(out, 1)).toBe('two and on to the end');
  });

  it('is said once for each text of the choice', () => {
    const { out } = streamEvents(chat, REWRITE, [
      ...[delta({ reasoning: 'hm ' }), delta({ reasoning: `${MAIL} ` }), delta({ reasoning: 'so' })],
      ...[say('It is '), say('this.'), stop()],
    ]);
    expect(textOf(out, 0, 'reasoning')).toBe(`hm ${LITERAL}`);
    expect(textOf(out)).toBe(LITERAL);
  });

  it('follows a condition on calls of tools, of which every bit goes out', () => {
    const call = (name: string): object =>
      delta({ tool_calls: [{ index: 0, id: name, function: { name, arguments: '{"to":1}' } }] });
    const events = (name: string): object[] => [say('before '), call(name), stop(), say('after '), say('that'), stop()];
    expect(textOf(streamEvents(chat, OF_CALLS, events('pay')).out)).toBe(`before ${LITERAL}`);
    expect(textOf(streamEvents(chat, OF_CALLS, events('look')).out)).toBe('before after that');
  });

  it('is recorded with what had gone out before it', () => {
    const { core } = makeCore({ allow: ACTION_TYPES });
    install(core, guardrails(REWRITE));
    const all = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
    const guard = core.begin(callStart({ can: all, streamed: true })).streaming()!;
    const rewriter = new ChatRewriter(guard, {});
    rewriter.rewrite(say('Write to '));
    expect(guard.stats).toEqual({ heldMax: 0 });
    rewriter.rewrite(say(`${MAIL} or not`));
    rewriter.rewrite(stop());
    expect(guard.stats).toMatchObject({ released: 'Write to '.length });
    expect(guard.decision).toMatchObject({
      ...{ action: 'rewrite', disposition: 'enforced', verdicts: [{ action: 'rewrite', point: 'chunk' }] },
      rewrites: [{ guardrail: 'no-mail', path: 'choices.0.message.content', text: LITERAL }],
    });
    expect(guard.decision).not.toHaveProperty('rewriting');
  });

  it('does not act in warn, and gives way to a denial', () => {
    const warned = REWRITE.replace('mode: enforce', 'mode: warn');
    expect(textOf(streamEvents(chat, warned, [say(`${MAIL} `), stop()]).out)).toBe(`${MAIL} `);
    const denied = REWRITE.replace('no-mail', 'deny-mail').replace(/rewrite: .*$/m, 'deny: {} }');
    const { out, refusal } = streamEvents(chat, `${REWRITE}---${denied}`, [say('to '), say(`${MAIL} `), stop()]);
    expect(refusal).toMatchObject({ guardrail: 'deny-mail' });
    expect(textOf(out)).toBe('to ');
  });

  it('goes with redactions of what was judged before it', () => {
    const redact = REWRITE.replace('no-mail', 'no-ip')
      .replace('[email]', '[ip]')
      .replace(/rewrite: .*$/m, 'redact: { detections: [mail] } }');
    const { out } = streamEvents(chat, `${REWRITE}---${redact}`, [say('from 10.0.0.1 '), say(`to ${MAIL} `), stop()]);
    expect(textOf(out)).toBe(`from <ip> ${LITERAL}`);
  });
});

describe.each(Object.entries(WIRES))('what tools are given in a streamed answer of %s', (client, wire) => {
  const given = `{"to":"${MAIL}","amount":5000}`;
  const source = AS_VALUES.includes(client) ? JSON.stringify(JSON.parse(given)) : given;

  it('is left as it is by a literal, wherever it is cut', () => {
    for (const pieces of IN_ONE_PIECE.includes(client) ? [[given]] : cuts(given)) {
      const answer = stream(wire, `${REWRITE}---${OF_CALLS}`, [
        { name: 'mail', pieces },
        { name: 'pay', pieces },
      ]);
      expect(answer.refusal).toBeNull();
      expect(answer.problems).toBe(0);
      expect(answer.given).toEqual([source, source]);
    }
  });
});

describe('texts that are repeated', () => {
  it('say what was streamed', () => {
    const place = { item_id: 'm', output_index: 0, content_index: 0 };
    const text = `to ${MAIL} and on`;
    const part = { type: 'output_text', text };
    const item = { type: 'message', id: 'm', content: [part] };
    const { out } = streamEvents(WIRES['openai responses']!, REWRITE, [
      ...['to ', MAIL, ' and', ' on'].map((piece) => ({ type: 'response.output_text.delta', ...place, delta: piece })),
      { type: 'response.output_text.done', ...place, text },
      { type: 'response.content_part.done', ...place, part: { ...part } },
      { type: 'response.output_item.done', output_index: 0, item: structuredClone(item) },
      { type: 'response.completed', response: { output: [structuredClone(item)], output_text: text } },
    ]);
    const events = out as { type: string; delta?: string; text?: string }[];
    const streamed = events.flatMap(({ type, delta: piece }) => (type.endsWith('.delta') ? [piece] : [])).join('');
    expect(streamed).toBe(`to ${LITERAL}`);
    expect(events.find(({ type }) => type === 'response.output_text.done')).toMatchObject({ text: streamed });
    expect(events.at(-1)).toMatchObject({
      response: { output: [{ content: [{ text: streamed }] }], output_text: streamed },
    });
  });
});
