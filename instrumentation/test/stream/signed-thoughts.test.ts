import { describe, expect, it } from 'vitest';
import { MessageRewriter } from '../../src/models/anthropic/message-rewriter.js';
import { ConverseRewriter } from '../../src/models/bedrock/converse-rewriter.js';
import { ContentRewriter } from '../../src/models/google/content-rewriter.js';
import { CompletionRewriter } from '../../src/models/mistral/completion-rewriter.js';
import { ConversationRewriter } from '../../src/models/mistral/conversation-rewriter.js';
import type { Wire } from './tool-wires.js';
import { cuts, REDACT_MAIL, streamEvents } from './stream-answer.js';

const MAIL = 'jane@mail.example.com';
const SAID = `Ask ${MAIL} now`;
const CLEAN = 'Ask somebody else now';
const DENY_MAIL = REDACT_MAIL.replace('{ redact: { detections: [mail] } }', '{ deny: {} }');
const REWRITE_MAIL = REDACT_MAIL.replace('{ redact: { detections: [mail] } }', '{ rewrite: { with: no } }');

interface Signed {
  wire: Pick<Wire, 'rewriter'>;
  /** Events of a thought in these pieces, with its signature `s`. */
  events(pieces: readonly string[]): unknown[];
  /** The thought as a client puts it together. */
  thought(out: readonly unknown[]): { text: string; signature: string | undefined };
  /** The thought as the provider takes it in the next turn once it was changed to this. */
  changed(text: string): { text: string; signature: string | undefined };
}

type Bag = { [key: string]: Bag } & { [index: number]: Bag };
const join = (texts: unknown[]): string => texts.filter((text) => typeof text === 'string').join('');
const lastOf = (values: unknown[]): string | undefined =>
  values.filter((value): value is string => typeof value === 'string').at(-1);

const PROVIDERS: Record<string, Signed> = {
  anthropic: {
    wire: { rewriter: (guard) => new MessageRewriter(guard, {}) },
    events: (pieces) => [
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      ...pieces.map((thinking) => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'thinking_delta', thinking },
      })),
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_stop' },
    ],
    thought: (out) => {
      const deltas = (out as Bag[]).map(({ delta }) => delta);
      return {
        text: join(deltas.map((delta) => delta?.['thinking'])),
        signature: lastOf(deltas.map((delta) => delta?.['signature'])),
      };
    },
    changed: () => ({ text: '', signature: 's' }),
  },
  'bedrock converse': {
    wire: { rewriter: (guard) => new ConverseRewriter(guard) },
    events: (pieces) => [
      ...[...pieces.map((text) => ({ text })), { signature: 's' }].map((reasoningContent) => ({
        contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent } },
      })),
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
    ],
    thought: (out) => {
      const deltas = (out as Bag[]).map((event) => event['contentBlockDelta']?.['delta']?.['reasoningContent']);
      return {
        text: join(deltas.map((delta) => delta?.['text'])),
        signature: lastOf(deltas.map((delta) => delta?.['signature'])),
      };
    },
    changed: () => ({ text: '', signature: 's' }),
  },
  google: {
    wire: { rewriter: (guard) => new ContentRewriter(guard, {}) },
    events: (pieces) => [
      ...pieces.map((text, at) => ({
        candidates: [
          {
            index: 0,
            content: {
              parts: [{ text, thought: true, ...(at === pieces.length - 1 ? { thoughtSignature: 's' } : {}) }],
            },
          },
        ],
      })),
      { candidates: [{ index: 0, content: { parts: [] }, finishReason: 'STOP' }] },
    ],
    thought: (out) => {
      const parts = (out as { candidates: { content: { parts: Bag[] } }[] }[])
        .flatMap(({ candidates }) => candidates)
        .flatMap(({ content }) => content.parts);
      return {
        text: join(parts.map((part) => part['text'])),
        signature: lastOf(parts.map((part) => part['thoughtSignature'])),
      };
    },
    changed: (text) => ({ text, signature: undefined }),
  },
  mistral: {
    wire: { rewriter: (guard) => new CompletionRewriter(guard, {}) },
    events: (pieces) => [
      ...pieces.map((text, at) => ({
        data: {
          choices: [
            {
              index: 0,
              delta: {
                content: [
                  {
                    type: 'thinking',
                    thinking: [{ type: 'text', text }],
                    ...(at === pieces.length - 1 ? { signature: 's' } : {}),
                  },
                ],
              },
              finishReason: null,
            },
          ],
        },
      })),
      { data: { choices: [{ index: 0, delta: {}, finishReason: 'stop' }] } },
    ],
    thought: (out) => {
      const chunks = (
        out as { data: { choices: { delta: { content?: { thinking: Bag[]; signature?: string }[] } }[] } }[]
      )
        .flatMap(({ data }) => data.choices)
        .flatMap(({ delta }) => delta.content ?? []);
      return {
        text: join(chunks.flatMap(({ thinking }) => thinking.map((each) => each['text']))),
        signature: lastOf(chunks.map(({ signature }) => signature)),
      };
    },
    changed: (text) => ({ text, signature: undefined }),
  },
  "mistral's conversations": {
    wire: { rewriter: (guard) => new ConversationRewriter(guard, {}) },
    events: (pieces) => [
      ...pieces.map((text, at) => {
        const signed = at === pieces.length - 1 ? { signature: 's' } : {};
        const content = { type: 'thinking', thinking: [{ type: 'text', text }], ...signed };
        return { data: { type: 'message.output.delta', outputIndex: 0, contentIndex: 0, content } };
      }),
      { data: { type: 'conversation.response.done' } },
    ],
    thought: (out) => {
      const chunks = (out as { data: { content?: { thinking: Bag[]; signature?: string } } }[]).flatMap(
        ({ data }) => data.content ?? [],
      );
      return {
        text: join(chunks.flatMap(({ thinking }) => thinking.map((each) => each['text']))),
        signature: lastOf(chunks.map(({ signature }) => signature)),
      };
    },
    changed: (text) => ({ text, signature: undefined }),
  },
};

describe.each(Object.entries(PROVIDERS))('a signed thought in a stream of %s', (_name, provider) => {
  const thoughtOf = (document: string, pieces: readonly string[]): ReturnType<Signed['thought']> => {
    const { out, problems } = streamEvents(provider.wire, document, structuredClone(provider.events(pieces)));
    expect(problems).toBe(0);
    return provider.thought(out);
  };

  it('stays usable in the next turn when it is redacted, wherever it is cut', () => {
    for (const pieces of cuts(SAID)) {
      expect(thoughtOf(REDACT_MAIL, pieces)).toEqual(provider.changed('Ask <email> now'));
    }
  });

  it('keeps its text and its signature when nothing of it is changed, wherever it is cut', () => {
    for (const pieces of cuts(CLEAN)) expect(thoughtOf(REDACT_MAIL, pieces)).toEqual({ text: CLEAN, signature: 's' });
  });

  it('stays usable when a literal takes its place', () => {
    const { text, signature } = thoughtOf(REWRITE_MAIL, [...SAID]);
    expect(signature).toBe(provider.changed('').signature);
    expect(signature === 's' ? text : text.endsWith('no')).toBe(signature === 's' ? '' : true);
  });
});

it('shows a signed thought while it comes when no guard-rail can change it', () => {
  for (const { wire, events } of [PROVIDERS['anthropic']!, PROVIDERS['bedrock converse']!]) {
    const all = events(['Ask ', 'somebody ', 'else ']);
    expect(streamEvents(wire, DENY_MAIL, structuredClone(all)).out.length).toBe(all.length);
  }
});

it('shows what was changed of a thought that has no signature', () => {
  const { wire, events, thought } = PROVIDERS['anthropic']!;
  const unsigned = events([SAID]).filter((event) => (event as Bag)['delta']?.['signature'] === undefined);
  expect(thought(streamEvents(wire, REDACT_MAIL, unsigned).out)).toEqual({ text: 'Ask <email> now' });
});

it('reads a thought that comes whole with its block', () => {
  const { wire, thought } = PROVIDERS['anthropic']!;
  const whole = (thinking: string): unknown[] => [
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking, signature: 's' } },
    { type: 'content_block_stop', index: 0 },
  ];
  expect(thought(streamEvents(wire, REDACT_MAIL, whole(SAID)).out).text).toBe('');
  expect(thought(streamEvents(wire, REDACT_MAIL, whole(CLEAN)).out).text).toBe(CLEAN);
  expect(JSON.stringify(streamEvents(wire, REDACT_MAIL, whole(SAID)).out)).toContain('"signature":"s"');
});

it('leaves the signature of a function call beside an argument that was redacted, because Google refuses a call without', () => {
  const { wire } = PROVIDERS['google']!;
  const part = { functionCall: { name: 'send', args: { to: MAIL } }, thoughtSignature: 's' };
  const chunk = { candidates: [{ index: 0, content: { parts: [part] }, finishReason: 'STOP' }] };
  const { out } = streamEvents(wire, REDACT_MAIL, [chunk]);
  expect(out).toMatchObject([
    {
      candidates: [
        { content: { parts: [{ functionCall: { name: 'send', args: { to: '<email>' } }, thoughtSignature: 's' }] } },
      ],
    },
  ]);
});
