import { expect } from 'vitest';
import { ConverseRewriter } from '../../src/models/bedrock/converse-rewriter.js';
import { BodyRewriter } from '../../src/models/bedrock/body-stream.js';
import { MessageRewriter } from '../../src/models/anthropic/message-rewriter.js';
import { EventRewriter } from '../../src/models/cohere/event-rewriter.js';
import { ContentRewriter } from '../../src/models/google/content-rewriter.js';
import { CompletionRewriter } from '../../src/models/mistral/completion-rewriter.js';
import { AnswerRewriter } from '../../src/models/ollama/answer-rewriter.js';
import { ChatRewriter } from '../../src/models/openai/stream/chat-rewriter.js';
import { ResponseRewriter } from '../../src/models/openai/stream/response-rewriter.js';
import type { ChunkRewriter } from '../../src/stream/observe-stream.js';
import type { StreamGuard } from '../../src/stream/stream-guard.js';

/** A call of a tool as a model asks for it, its arguments cut in pieces. */
export interface Asked {
  name: string;
  pieces: readonly string[];
}

/** The wire events of one client: how it streams calls of tools, and where their arguments stand in what the application gets. */
export interface Wire {
  rewriter(guard: StreamGuard): ChunkRewriter;
  events(calls: readonly Asked[]): object[];
  /** Source of the arguments of each call, by position. */
  given(events: readonly unknown[]): string[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

function joined(entries: readonly (readonly [number, string | undefined])[]): string[] {
  const texts: string[] = [];
  for (const [index, text] of entries) texts[index] = (texts[index] ?? '') + (text ?? '');
  return texts;
}

/** Values of the events that have one. */
function of<T>(events: readonly unknown[], read: (event: Loose) => T | undefined): T[] {
  return events.map(read).filter((value) => value !== undefined);
}

const CLIENTS: Readonly<Record<string, Wire>> = {
  'openai chat': {
    rewriter: (guard) => new ChatRewriter(guard, {}),
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, index) =>
        ['', ...pieces].map((piece, at) => ({
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ index, function: at === 0 ? { name, arguments: '' } : { arguments: piece } }] },
              finish_reason: null,
            },
          ],
        })),
      ),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ],
    given: (events) =>
      joined(
        of(events, (event) => event.choices[0].delta.tool_calls as Loose[])
          .flat()
          .map((call: Loose) => [call.index as number, call.function.arguments as string]),
      ),
  },
  'openai responses': {
    rewriter: (guard) => new ResponseRewriter(guard, {}),
    events: (calls) => {
      const items = calls.map(({ name, pieces }, index) => ({
        type: 'function_call',
        id: `fc_${index}`,
        name,
        arguments: pieces.join(''),
      }));
      return [
        ...calls.flatMap(({ pieces }, index) => {
          const place = { item_id: `fc_${index}`, output_index: index };
          return [
            {
              type: 'response.output_item.added',
              output_index: index,
              item: { ...items[index], arguments: '' },
            },
            ...pieces.map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
            { type: 'response.function_call_arguments.done', ...place, arguments: pieces.join('') },
            { type: 'response.output_item.done', output_index: index, item: { ...items[index] } },
          ];
        }),
        { type: 'response.completed', response: { output: items } },
      ];
    },
    given: (events) => {
      const deltas = joined(
        of(events, (event) =>
          event.type === 'response.function_call_arguments.delta' ? [event.output_index, event.delta] : undefined,
        ) as [number, string][],
      );
      // Whatever repeats a text says what was streamed.
      for (const item of of(events, (event) => (event.type === 'response.output_item.done' ? event : undefined)))
        expect(item.item.arguments).toBe(deltas[item.output_index]);
      for (const { response } of of(events, (event) => (event.response ? event : undefined)))
        expect(response.output.map((item: Loose) => item.arguments)).toEqual(deltas);
      return deltas;
    },
  },
  anthropic: {
    rewriter: (guard) => new MessageRewriter(guard, {}),
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, index) => [
        { type: 'content_block_start', index, content_block: { type: 'tool_use', id: `t${index}`, name, input: {} } },
        ...pieces.map((partial_json) => ({
          type: 'content_block_delta',
          index,
          delta: { type: 'input_json_delta', partial_json },
        })),
        { type: 'content_block_stop', index },
      ]),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ],
    given: (events) =>
      joined(
        of(events, (event) =>
          event.type === 'content_block_delta' ? [event.index, event.delta.partial_json] : undefined,
        ) as [number, string][],
      ),
  },
  mistral: {
    rewriter: (guard) => new CompletionRewriter(guard, {}),
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, index) =>
        pieces.map((piece, at) => ({
          data: {
            choices: [
              {
                index: 0,
                delta: { toolCalls: [{ index, function: { name: at === 0 ? name : '', arguments: piece } }] },
                finishReason: null,
              },
            ],
          },
        })),
      ),
      { data: { choices: [{ index: 0, delta: {}, finishReason: 'tool_calls' }] } },
    ],
    given: (events) =>
      joined(
        of(events, (event) => event.data.choices[0].delta.toolCalls as Loose[])
          .flat()
          .map((call: Loose) => [call.index as number, call.function.arguments as string]),
      ),
  },
  cohere: {
    rewriter: (guard) => new EventRewriter(guard, {}),
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, index) => [
        {
          type: 'tool-call-start',
          index,
          delta: { message: { toolCalls: { id: `t${index}`, function: { name, arguments: '' } } } },
        },
        ...pieces.map((piece) => ({
          type: 'tool-call-delta',
          index,
          delta: { message: { toolCalls: { function: { arguments: piece } } } },
        })),
        { type: 'tool-call-end', index },
      ]),
      { type: 'message-end', delta: { finishReason: 'TOOL_CALL' } },
    ],
    given: (events) =>
      joined(
        of(events, (event) =>
          event.delta?.message ? [event.index, event.delta.message.toolCalls.function.arguments] : undefined,
        ) as [number, string][],
      ),
  },
  'bedrock converse': {
    rewriter: (guard) => new ConverseRewriter(guard),
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, contentBlockIndex) => [
        { contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId: 't', name } } } },
        ...pieces.map((input) => ({ contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input } } } })),
        { contentBlockStop: { contentBlockIndex } },
      ]),
      { messageStop: { stopReason: 'tool_use' } },
    ],
    given: (events) =>
      joined(
        of(events, ({ contentBlockDelta: block }) =>
          block ? [block.contentBlockIndex, block.delta.toolUse.input] : undefined,
        ) as [number, string][],
      ),
  },
  // These two give arguments in one piece.
  google: {
    rewriter: (guard) => new ContentRewriter(guard, {}),
    events: (calls) =>
      calls.map(({ name, pieces }) => ({
        candidates: [
          { index: 0, content: { parts: [{ functionCall: { name, args: JSON.parse(pieces.join('')) as object } }] } },
        ],
      })),
    given: (events) =>
      events.map((event: Loose) => JSON.stringify(event.candidates[0].content.parts[0].functionCall.args)),
  },
  ollama: {
    rewriter: (guard) => new AnswerRewriter(guard, {}),
    events: (calls) => [
      ...calls.map(({ name, pieces }) => ({
        message: {
          role: 'assistant',
          tool_calls: [{ function: { name, arguments: JSON.parse(pieces.join('')) as object } }],
        },
        done: false,
      })),
      { message: { role: 'assistant', content: '' }, done: true },
    ],
    given: (events) =>
      of(events, (event) => event.message.tool_calls?.[0].function.arguments as object).map((args) =>
        JSON.stringify(args),
      ),
  },
};

/** The wire of another client inside of the events of InvokeModel. */
function invoked({ events, given }: Omit<Wire, 'rewriter'>): Wire {
  return {
    rewriter: (guard) => new BodyRewriter(guard, {}),
    events: (calls) =>
      events(calls).map((event) => ({ chunk: { bytes: new TextEncoder().encode(JSON.stringify(event)) } })),
    given: (list) =>
      given(list.map((event: Loose) => JSON.parse(new TextDecoder().decode(event.chunk.bytes as Uint8Array)) as Loose)),
  };
}

const ANTHROPIC = CLIENTS['anthropic']!;
/** The wire of every client that streams calls of tools. */
export const WIRES: Readonly<Record<string, Wire>> = {
  ...CLIENTS,
  'bedrock InvokeModel, Anthropic': invoked({
    ...ANTHROPIC,
    events: (calls) => [{ type: 'message_start', message: { content: [] } }, ...ANTHROPIC.events(calls)],
  }),
  'bedrock InvokeModel, Nova': invoked(CLIENTS['bedrock converse']!),
  'bedrock InvokeModel, OpenAI': invoked(CLIENTS['openai chat']!),
  'bedrock InvokeModel, Mistral': invoked({
    events: (calls) => [
      ...calls.flatMap(({ name, pieces }, index) =>
        pieces.map((piece, at) => ({
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: '',
                tool_calls: [
                  {
                    ...(at === 0 ? { id: `t${index}` } : {}),
                    index,
                    function: { ...(at === 0 ? { name } : {}), arguments: piece },
                  },
                ],
              },
              stop_reason: null,
            },
          ],
        })),
      ),
      { choices: [{ index: 0, message: { role: 'assistant', content: '' }, stop_reason: 'tool_calls' }] },
    ],
    given: (events) =>
      joined(
        of(events, (event) => event.choices[0].message.tool_calls as Loose[])
          .flat()
          .map((call: Loose) => [call.index as number, call.function.arguments as string]),
      ),
  }),
  'bedrock InvokeModel, Mistral in one chunk': invoked({
    events: (calls) => [
      {
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: '',
              tool_calls: calls.map(({ name, pieces }) => ({ function: { name, arguments: pieces.join('') } })),
            },
            stop_reason: 'tool_calls',
          },
        ],
      },
    ],
    given: (events) =>
      joined(
        events.flatMap((event: Loose) =>
          (event.choices[0].message.tool_calls as Loose[]).map(
            (call, index) => [index, call.function.arguments as string] as const,
          ),
        ),
      ),
  }),
  'bedrock InvokeModel, Cohere': invoked({
    events: (calls) => [
      {
        event_type: 'tool-calls-generation',
        tool_calls: calls.map(({ name, pieces }) => ({ name, parameters: JSON.parse(pieces.join('')) as object })),
      },
      { event_type: 'stream-end', finish_reason: 'COMPLETE' },
    ],
    given: (events) =>
      of(events, (event) => event.tool_calls as Loose[])
        .flat()
        .map((call: Loose) => JSON.stringify(call.parameters)),
  }),
};
/** Wires that carry the arguments of a call in one piece. */
export const IN_ONE_PIECE = [
  'google',
  'ollama',
  'bedrock InvokeModel, Mistral in one chunk',
  'bedrock InvokeModel, Cohere',
];
/** Wires that carry arguments as values, not as JSON source. */
export const AS_VALUES = ['google', 'ollama', 'bedrock InvokeModel, Cohere'];
