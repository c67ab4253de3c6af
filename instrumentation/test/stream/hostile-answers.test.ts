import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { CompletionRewriter as OldRewriter } from '../../src/models/openai/stream/completion-rewriter.js';
import type { ChunkRewriter } from '../../src/stream/observe-stream.js';
import type { StreamGuard } from '../../src/stream/stream-guard.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';
import { cuts, streamEvents } from './stream-answer.js';
import { WIRES } from './tool-wires.js';

const MAIL = 'jane@mail.example.com';
const REDACT = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: chunk
  uses: { mail: { detector: pii, on: output.text, entities: [email, credit_card] } }
  when: mail.count > 0
  action: { redact: { detections: [mail] } }
  mode: enforce
`;
const LIMITED = REDACT.replace('detections: [mail]', 'detections: [mail], tools: [pay]');

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

/** How a client streams a text of one of several answers: a piece, and the end of the answer. */
interface TextWire {
  rewriter(guard: StreamGuard): ChunkRewriter;
  piece(choice: number, text: string, reason: string | null): object;
  /** What servers write as a reason as long as the answer goes on. */
  none: (string | null)[];
  /** The texts that the application got, by choice. */
  read(events: readonly Loose[]): [number, string][];
}

const choicesOf = (event: Loose, textOf: (choice: Loose) => string | undefined): [number, string][] =>
  (event.choices as Loose[]).map((choice: Loose) => [choice.index as number, textOf(choice) ?? '']);
const invoked = (body: object): object => ({ chunk: { bytes: new TextEncoder().encode(JSON.stringify(body)) } });
const bodyOf = (event: Loose): Loose => JSON.parse(new TextDecoder().decode(event.chunk.bytes as Uint8Array));

const TEXTS: Readonly<Record<string, TextWire>> = {
  'openai chat': {
    rewriter: WIRES['openai chat']!.rewriter,
    none: [null, '', 'null'],
    piece: (index, content, finish_reason) => ({ choices: [{ index, delta: { content }, finish_reason }] }),
    read: (events) => events.flatMap((event) => choicesOf(event, (choice) => choice.delta.content as string)),
  },
  'openai completions': {
    rewriter: (guard) => new OldRewriter(guard),
    none: [null, '', 'null'],
    piece: (index, text, finish_reason) => ({ choices: [{ index, text, finish_reason, logprobs: null }] }),
    read: (events) => events.flatMap((event) => choicesOf(event, (choice) => choice.text as string)),
  },
  mistral: {
    rewriter: WIRES['mistral']!.rewriter,
    none: [null, '', 'null'],
    piece: (index, content, finishReason) => ({ data: { choices: [{ index, delta: { content }, finishReason }] } }),
    read: (events) => events.flatMap((event) => choicesOf(event.data, (choice) => choice.delta.content as string)),
  },
  google: {
    rewriter: WIRES['google']!.rewriter,
    none: [null, 'FINISH_REASON_UNSPECIFIED'],
    piece: (index, text, reason) => ({
      candidates: [
        { index, content: { role: 'model', parts: [{ text }] }, ...(reason ? { finishReason: reason } : {}) },
      ],
    }),
    read: (events) =>
      events.flatMap((event) =>
        (event.candidates as Loose[]).map((each: Loose): [number, string] => [
          each.index as number,
          (each.content.parts as Loose[]).map((part) => part.text as string).join(''),
        ]),
      ),
  },
  'bedrock InvokeModel, Mistral': {
    rewriter: WIRES['bedrock InvokeModel, Mistral']!.rewriter,
    none: [null, ''],
    piece: (index, content, stop_reason) =>
      invoked({ choices: [{ index, message: { role: 'assistant', content }, stop_reason }] }),
    read: (events) => events.flatMap((event) => choicesOf(bodyOf(event), (choice) => choice.message.content as string)),
  },
};

function readAll(wire: TextWire, events: readonly object[]): string[] {
  const { out, problems } = streamEvents(wire, REDACT, events);
  expect(problems).toBe(0);
  const texts: string[] = [];
  for (const [index, text] of wire.read(out as Loose[])) texts[index] = (texts[index] ?? '') + text;
  return texts;
}

describe.each(Object.entries(TEXTS))('an answer of %s', (_client, wire) => {
  it('of which several are interleaved: the end of one releases nothing of another', () => {
    const text = `to ${MAIL} now`;
    for (let end = 0; end <= text.length; end++) {
      const events = [...text].flatMap((char, at) => [
        ...(at < end ? [wire.piece(0, char, null)] : []),
        ...(at === end ? [wire.piece(0, '', 'stop')] : []),
        wire.piece(1, char, null),
      ]);
      if (end === text.length) events.push(wire.piece(0, '', 'stop'));
      const [first, second] = readAll(wire, [...events, wire.piece(1, '', 'stop')]);
      expect(second).toBe('to <email> now');
      if (end >= text.length - 4) expect(first).toBe(`to <email>${text.slice(24, end)}`);
    }
  });

  it('that ends without a reason loses nothing and gives nothing away', () => {
    for (const pieces of cuts(`to ${MAIL}`))
      expect(
        readAll(
          wire,
          pieces.map((piece) => wire.piece(0, piece, null)),
        ),
      ).toEqual(['to <email>']);
    expect(
      readAll(
        wire,
        [...'to jane@'].map((piece) => wire.piece(0, piece, null)),
      ),
    ).toEqual(['to jane@']);
  });

  it('goes on after a chunk that gives no reason, whatever it writes for none', () => {
    for (const reason of wire.none)
      expect(
        readAll(
          wire,
          [...`to ${MAIL}.`].map((piece) => wire.piece(0, piece, reason)),
        ),
      ).toEqual(['to <email>.']);
  });

  it('with pairs of surrogates that are cut in two is released whole', () => {
    for (const text of [`😀😀 ${MAIL} 😀`, `😀${MAIL}`]) {
      const events = text.split('').map((unit) => wire.piece(0, unit, null));
      expect(readAll(wire, [...events, wire.piece(0, '', 'stop')])).toEqual([text.replace(MAIL, '<email>')]);
    }
  });
});

describe('usage that comes after the end', () => {
  it('comes once, also when the answer ends without a reason', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const piece = (content: string, more: object = {}): object => ({
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
      ...more,
    });
    for (const events of [
      [piece('to jane@'), { choices: [], usage }],
      [piece('to '), piece('jane@', { usage })],
    ]) {
      const { out } = streamEvents(WIRES['openai chat']!, REDACT, events);
      expect((out as Loose[]).map((event) => event.choices[0]?.delta.content ?? '').join('')).toBe('to jane@');
      expect((out as Loose[]).filter((event) => event.usage)).toHaveLength(1);
    }
  });
});

describe('what is no secret in any one text', () => {
  it('is not joined to one: text before a call, arguments of two calls, text after it', () => {
    const halves = ['write to jane', '@mail.example.com'];
    const text = (content: string): object => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    const call = (index: number, args: string, name?: string): object => ({
      choices: [
        { index: 0, delta: { tool_calls: [{ index, function: { name, arguments: args } }] }, finish_reason: null },
      ],
    });
    const events = [
      text(halves[0]!),
      call(0, '{"a":"jane', 'pay'),
      call(1, '{"a":"@mail.example.com', 'pay'),
      call(0, '"}'),
      call(1, '"}'),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ];
    const { out } = streamEvents(WIRES['openai chat']!, REDACT, events);
    expect(WIRES['openai chat']!.given(out)).toEqual(['{"a":"jane"}', '{"a":"@mail.example.com"}']);
    expect((out as Loose[]).map((event) => event.choices[0].delta.content ?? '').join('')).toBe(halves[0]);
  });

  it('and what is one is found where another text ended', () => {
    const part = (value: object): object => ({ candidates: [{ index: 0, content: { parts: [value] } }] });
    const events = [
      part({ text: 'the card is no. 7' }),
      part({ functionCall: { name: 'look_up', args: {} } }),
      part({ text: '4111111111111111' }),
    ];
    const { out } = streamEvents(WIRES['google']!, REDACT, events);
    const texts = (out as Loose[]).flatMap((event) =>
      event.candidates[0].content.parts.map((each: Loose) => each.text),
    );
    expect(texts.join('')).toBe('the card is no. 7<credit_card>');
  });
});

describe('two calls of tools in one place', () => {
  const args = `{"to":"${MAIL}"}`;
  const chat = (piece: object): object => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...piece }] }, finish_reason: null }],
  });
  const mistral = (piece: object): object => ({
    data: { choices: [{ index: 0, delta: { toolCalls: [{ index: 0, ...piece }] }, finishReason: null }] },
  });
  const bedrock = (piece: object): object =>
    invoked({
      choices: [{ index: 0, message: { content: '', tool_calls: [{ index: 0, ...piece }] }, stop_reason: null }],
    });

  it.each([
    ['openai chat', chat],
    ['mistral', mistral],
    ['bedrock InvokeModel, Mistral', bedrock],
  ] as const)('are two in an answer of %s, with ids and without', (client, event) => {
    for (const names of [
      ['mail', 'pay'],
      ['pay', 'mail'],
    ]) {
      for (const ids of [true, false]) {
        for (const pieces of cuts(args)) {
          const events = names.flatMap((name, at) =>
            pieces.map((piece, position) =>
              event({
                ...(position === 0 && ids ? { id: `t${at}` } : {}),
                function: { ...(position === 0 ? { name } : {}), arguments: piece },
              }),
            ),
          );
          const { out, problems } = streamEvents(WIRES[client]!, LIMITED, events);
          expect(problems).toBe(0);
          const redacted = '{"to":"<email>"}';
          const [given] = WIRES[client]!.given(out);
          expect(given).toBe(names.map((name) => (name === 'pay' ? redacted : args)).join(''));
        }
      }
    }
  });

  it('are both judged by name', () => {
    const deny = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tools }
spec: { at: chunk, when: "toolCalls.exists(call, call.name == 'pay')", action: { deny: {} }, mode: enforce }
`;
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
    const events = ['mail', 'pay'].map((name) => chat({ function: { name, arguments: args } }));
    const { out, refusal } = streamEvents(WIRES['openai chat']!, deny, [...events, end]);
    expect(refusal).toMatchObject({ guardrail: 'tools' });
    expect(WIRES['openai chat']!.given(out).join('')).not.toContain(`${args}${args}`);
  });
});

describe('what Anthropic sends whole at the start of a block', () => {
  const read = (content_block: object): Loose => {
    const { out } = streamEvents(WIRES['anthropic']!, REDACT, [
      { type: 'content_block_start', index: 0, content_block },
    ]);
    return (out[0] as Loose).content_block;
  };

  it('is guarded: what a tool is given, and results of tools of its own', () => {
    expect(read({ type: 'tool_use', name: 'pay', input: { to: [MAIL] } }).input).toEqual({ to: ['<email>'] });
    expect(read({ type: 'mcp_tool_result', content: [{ type: 'text', text: MAIL }] }).content[0].text).toBe('<email>');
    const result = { type: 'code_execution_result', stdout: MAIL, encrypted_stdout: 'x' };
    expect(read({ type: 'code_execution_tool_result', content: result }).content).toEqual({
      ...result,
      stdout: '<email>',
    });
  });
});

describe('arguments of functions that Google streams in parts', () => {
  const part = (functionCall: object, more: object = {}): object => ({
    candidates: [{ index: 0, content: { parts: [{ functionCall }] }, ...more }],
  });
  const piece = (stringValue: string, willContinue: boolean): object => ({
    jsonPath: '$.to',
    stringValue,
    willContinue,
  });

  it('are guarded by the name of their function, and lose nothing when they stop', () => {
    for (const [names, expected] of [
      [['pay', 'mail'], `<email>|${MAIL}`],
      [['mail', 'pay'], `${MAIL}|<email>`],
    ] as const) {
      for (const last of [true, false]) {
        const events = names.flatMap((name) => [
          part({ name, willContinue: true }),
          ...[...MAIL].map((char, at) =>
            part({ partialArgs: [piece(char, last || at < MAIL.length - 1)], willContinue: true }),
          ),
        ]);
        const { out } = streamEvents(WIRES['google']!, LIMITED, [...events, part({}, { finishReason: 'STOP' })]);
        let text = '';
        for (const event of out as Loose[])
          for (const { functionCall } of event.candidates[0].content.parts as Loose[]) {
            if (functionCall.name === names[1]) text += '|';
            for (const each of (functionCall.partialArgs ?? []) as Loose[]) text += each.stringValue as string;
          }
        expect(text).toBe(expected);
      }
    }
  });
});

describe('copies of a text', () => {
  it('of Google and Cohere are redacted with it', () => {
    const google = streamEvents(WIRES['google']!, REDACT, [
      {
        candidates: [
          {
            index: 0,
            content: { parts: [{ text: `to ${MAIL} ` }] },
            logprobsResult: { chosenCandidates: [{ token: MAIL }] },
            groundingMetadata: { groundingSupports: [{}, { segment: { text: MAIL } }] },
            finishReason: 'STOP',
          },
        ],
      },
    ]);
    expect(JSON.stringify(google.out)).not.toContain('jane');
    const cohere = streamEvents(WIRES['cohere']!, REDACT, [
      {
        type: 'content-delta',
        index: 0,
        delta: { message: { content: { text: `to ${MAIL} ` } } },
        logprobs: { text: MAIL },
      },
      { type: 'citation-start', index: 0, delta: { message: { citations: { start: 3, end: 24, text: MAIL } } } },
      { type: 'message-end' },
    ]);
    expect(JSON.stringify(cohere.out)).not.toContain('jane');
    expect(JSON.stringify(cohere.out)).toContain('to <email>');
  });
});

describe('JSON that is a string in JSON', () => {
  it('is read through the escapes of every level, and stays valid', () => {
    const { core } = makeCore({ allow: ACTION_TYPES });
    install(core, guardrails(REDACT));
    const all = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
    const guard = core.begin(callStart({ can: all, streamed: true })).streaming()!;
    // Nested JSON with escapes of escapes, in one piece and unit by unit.
    for (const depth of [1, 2, 3]) {
      let source = '{"to":"jane\\u0040mail.example.com"}';
      for (let level = 1; level < depth; level++) source = JSON.stringify({ body: source });
      for (const pieces of [[source], source.split('')]) {
        const path = `${depth}.${pieces.length}`;
        const out = pieces.map((piece) => guard.push(path, piece, true)).join('') + guard.finish(path);
        let value = JSON.parse(out) as Loose;
        while (value.body) value = JSON.parse(value.body as string);
        expect(value).toEqual({ to: '<email>' });
      }
    }
  });
});
