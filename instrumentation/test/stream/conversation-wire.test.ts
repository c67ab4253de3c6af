import { expect, it } from 'vitest';
import { conversationEndpoint } from '../../src/models/http/conversation-endpoint.js';
import { cuts, REDACT_MAIL, streamEvents } from './stream-answer.js';

const MAIL = 'jane@mail.example.com';
const wire = {
  rewriter: (guard: Parameters<NonNullable<typeof conversationEndpoint.rewriter>>[0]) =>
    conversationEndpoint.rewriter!(guard, {}),
};
const said = (content: unknown): object => ({
  ...{ type: 'message.output.delta', output_index: 0, content_index: 0, id: 'm', model: 'm-1' },
  content,
});
const given = (piece: string): object => ({
  ...{ type: 'function.call.delta', output_index: 1, id: 'f', tool_call_id: 'c', name: 'send' },
  arguments: piece,
});
const done = { type: 'conversation.response.done', usage: { prompt_tokens: 10, completion_tokens: 5 } };
const KEYS = /"(?:event|data|outputIndex|contentIndex|toolCallId|conversationId)"/;

it('redacts what a conversation says and gives to tools wherever it is cut, in events as they are on the wire', () => {
  const cutsOfArguments = cuts(JSON.stringify({ to: MAIL }));
  for (const [at, pieces] of cuts(`Ask ${MAIL} now`).entries()) {
    const args = cutsOfArguments[at % cutsOfArguments.length]!;
    const events = [...pieces.map(said), ...args.map(given), done];
    const { out, problems } = streamEvents(wire, REDACT_MAIL, structuredClone(events));
    const texts = (key: string): string => out.map((event) => (event as { [key: string]: string })[key] ?? '').join('');
    expect([texts('content'), texts('arguments'), problems]).toEqual(['Ask <email> now', '{"to":"<email>"}', 0]);
    expect(JSON.stringify(out)).not.toMatch(KEYS);
    expect(out.at(-1)).toEqual(done);
  }
});

it('leaves events alone about which nothing is to be changed', () => {
  const events = [{ type: 'conversation.response.started', conversation_id: 'c' }, said('Hello. '), done];
  const { out } = streamEvents(wire, REDACT_MAIL, structuredClone(events));
  expect(out.filter((event) => (event as { type: string }).type !== 'message.output.delta')).toEqual([
    events[0],
    events[2],
  ]);
});

it('puts a streamed conversation together', () => {
  const collector = conversationEndpoint.collector!();
  const events = [{ type: 'conversation.response.started', conversation_id: 'c' }, said('Hel'), said('lo'), done];
  for (const event of [...events.slice(0, 3), given('{"a":1}'), events[3]]) collector.add(event);
  const answer = collector.answer();
  expect(answer).toMatchObject({
    ...{
      spanAttributes: { 'gen_ai.response.id': 'c' },
      responseModel: 'm-1',
      usage: { inputTokens: 10, outputTokens: 5 },
    },
    toolCalls: [{ name: 'send', arguments: { a: 1 } }],
  });
  expect(answer.texts!()).toEqual([{ path: 'outputs.0.content.0', role: 'assistant', text: 'Hello' }]);
});
