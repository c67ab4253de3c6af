import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
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
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';

/** A call of a tool as a model asks for it, its arguments cut in pieces. */
interface Asked {
  name: string;
  pieces: readonly string[];
}

/** The wire events of one client: how it streams calls of tools, and where their arguments stand in what the application gets. */
interface Wire {
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
const WIRES: Readonly<Record<string, Wire>> = {
  ...CLIENTS,
  'bedrock InvokeModel, Anthropic': invoked({
    ...ANTHROPIC,
    events: (calls) => [{ type: 'message_start', message: { content: [] } }, ...ANTHROPIC.events(calls)],
  }),
  'bedrock InvokeModel, Nova': invoked(CLIENTS['bedrock converse']!),
  'bedrock InvokeModel, OpenAI': invoked(CLIENTS['openai chat']!),
  'bedrock InvokeModel, Mistral': invoked({
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
const IN_ONE_PIECE = ['google', 'ollama', 'bedrock InvokeModel, Mistral', 'bedrock InvokeModel, Cohere'];

function documentOf(when: string, action: string, uses = '{}'): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tools }
spec: { at: chunk, uses: ${uses}, when: "${when}", action: ${action}, mode: enforce }
`;
}

interface Streamed {
  given: string[];
  refusal: ChunkRewriter['refusal'];
  problems: number;
}

function stream(wire: Wire, document: string, calls: readonly Asked[], maxHeld = 8192): Streamed {
  const { core } = makeCore({ maxHeld, allow: ACTION_TYPES });
  install(core, guardrails(document));
  const all = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
  const guard = core.begin(callStart({ can: all, streamed: true })).streaming()!;
  const rewriter = wire.rewriter(guard);
  const out: unknown[] = [];
  for (const event of wire.events(calls)) {
    out.push(...rewriter.rewrite(event));
    if (rewriter.refusal) break;
  }
  if (!rewriter.refusal) out.push(...rewriter.finish());
  return { given: wire.given(out), refusal: rewriter.refusal, problems: core.failures };
}

/** Every way to cut a text in two, whole, and in single characters. */
function cuts(text: string): string[][] {
  const pairs = [...text].map((_char, at) => [text.slice(0, at), text.slice(at)]).slice(1);
  return [[text], [...text], ...pairs];
}

const LOOK: Asked = { name: 'look_up', pieces: ['{"city":', '"Oslo"}'] };
const PAY = '{"to":"jane\\u0040mail.example.com","amount":5000,"note":"\\"rent\\""}';

describe.each(Object.entries(WIRES))('calls of tools in a streamed answer of %s', (client, wire) => {
  const ways = IN_ONE_PIECE.includes(client) ? [[PAY]] : cuts(PAY);

  it('ends the answer at a call that is denied by name, before any of its arguments goes out', () => {
    const document = documentOf("toolCalls.exists(call, call.name == 'pay')", '{ deny: { status: 451 } }');
    for (const pieces of ways) {
      const { given, refusal, problems } = stream(wire, document, [LOOK, { name: 'pay', pieces }]);
      expect(refusal).toMatchObject({ guardrail: 'tools', status: 451 });
      // Calls that were complete before are whole, or wait for the end of the choice and do not go out either.
      expect(['', whole(LOOK)]).toContain(given[0] ?? '');
      expect(given[1] ?? '').toBe('');
      expect(problems).toBe(0);
    }
    expect(stream(wire, document, [LOOK, { ...LOOK, name: 'payments' }]).refusal).toBeNull();
  });

  it('judges arguments when they are complete, wherever they are cut', () => {
    const over = (limit: number): string =>
      documentOf(`toolCalls.exists(call, call.name == 'pay' && call.arguments.amount > ${limit}.0)`, '{ deny: {} }');
    for (const pieces of ways) {
      const calls = [{ name: 'pay', pieces }];
      const denied = stream(wire, over(4000), calls);
      expect(denied.refusal).toMatchObject({ guardrail: 'tools' });
      expect(denied.given.join('')).toBe('');
      const allowed = stream(wire, over(6000), calls);
      expect(allowed.refusal).toBeNull();
      expect(allowed.given).toHaveLength(1);
      expect(JSON.parse(allowed.given[0]!)).toEqual(JSON.parse(PAY));
    }
  });

  it('redacts the arguments of a call that is named and leaves valid JSON', () => {
    const document = documentOf(
      "toolCalls.exists(call, call.name == 'pay') && mail.count > 0",
      '{ redact: { detections: [mail] } }',
      '{ mail: { detector: pii, on: output.text, entities: [email] } }',
    );
    for (const pieces of ways) {
      const { given, refusal } = stream(wire, document, [{ name: 'pay', pieces }]);
      expect(refusal).toBeNull();
      expect(JSON.parse(given[0]!)).toEqual({
        ...(JSON.parse(PAY) as object),
        to: expect.not.stringContaining('jane'),
      });
      const other = stream(wire, document, [{ name: 'mail', pieces }]);
      expect(JSON.parse(other.given[0]!)).toEqual(JSON.parse(PAY));
    }
    // From that call on: what other tools are given after it is redacted, too.
    const after = ['pay', 'mail'].map((name) => ({ name, pieces: [PAY] }));
    for (const given of stream(wire, document, after).given) expect(JSON.parse(given)).not.toEqual(JSON.parse(PAY));
  });

  it('lets arguments pass as they come when no guard-rail reads calls of tools', () => {
    const document = documentOf(
      'mail.count > 0',
      '{ deny: {} }',
      '{ mail: { detector: pii, on: output.text, entities: [credit_card] } }',
    );
    expect(stream(wire, document, [LOOK, LOOK])).toMatchObject({ refusal: null, given: [LOOK, LOOK].map(whole) });
  });
});

function whole({ pieces }: Asked): string {
  return pieces.join('');
}

describe('arguments of a streamed call that are longer than may wait', () => {
  const wire = WIRES['openai chat']!;
  const calls = [{ name: 'pay', pieces: ['{"note":"', 'x'.repeat(300), '"}'] }];
  const document = (onError: string): string =>
    `${documentOf("toolCalls.exists(call, call.name == 'other')", '{ deny: {} }').trimEnd().replace(/ \}$/, `, onError: ${onError} }`)}\n`;

  it('are refused, because nobody has judged them', () => {
    const { given, refusal } = stream(wire, document('deny'), calls, 100);
    expect(refusal).not.toBeNull();
    expect(given.join('')).toBe('');
  });

  it('go out unjudged where the document says so', () => {
    const { given, refusal } = stream(wire, document('allow'), calls, 100);
    expect(refusal).toBeNull();
    expect(given[0]).toBe(whole(calls[0]!));
  });
});
