import OpenAI, { APIPromise } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardrailDeniedError } from '../../src/actions/errors.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { Patch } from '../../src/loader/patch.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';

const SECRET = 'jane.doe@mail.example.com';

function documentOf(action: string, extra = ''): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: chunk
  uses: { mail: { detector: pii, on: output.text, entities: [email, credit_card] } }
  when: "mail.count > 0"
  action: ${action}
  mode: enforce
  ${extra}
`;
}
const REDACT = documentOf('{ redact: { detections: [mail] } }');
const DENY = documentOf('{ deny: { status: 451, guidance: "Leave addresses out." } }');

let core: GuardCore;
let fed: FeedRecord[];
let patch: Patch | null;
let events: object[];
let aborted: boolean;

const client = new OpenAI({
  apiKey: 'test',
  maxRetries: 0,
  fetch: (_url, init) => {
    init?.signal?.addEventListener('abort', () => (aborted = true));
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') + 'data: [DONE]\n\n';
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  },
});

beforeEach(() => {
  ({ core, fed } = makeCore());
  aborted = false;
  patch = patchOpenAI({ OpenAI, APIPromise }, '7', { runtime: () => core, declare: () => undefined });
});
afterEach(() => patch?.undo());

/** Chunks of a chat answer: deltas by choice, then the end of each choice, then usage. */
function chat(deltas: { index?: number; delta: object; logprobs?: object }[], choices = [0]): object[] {
  const chunk = (list: object[], rest: object = {}): object => ({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: list,
    ...rest,
  });
  return [
    ...deltas.map(({ index = 0, ...rest }) => chunk([{ index, finish_reason: null, ...rest }])),
    ...choices.map((index) => chunk([{ index, delta: {}, finish_reason: 'stop' }])),
    chunk([], { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }),
  ];
}

const contents = (pieces: string[]): object[] => chat(pieces.map((content) => ({ delta: { content } })));
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const };

interface Read {
  text: string;
  chunks: OpenAI.Chat.ChatCompletionChunk[];
  error: unknown;
}

async function read(params: object = {}): Promise<Read> {
  const result: Read = { text: '', chunks: [], error: null };
  try {
    for await (const chunk of await client.chat.completions.create({ ...request, ...params })) {
      result.chunks.push(chunk);
      result.text += chunk.choices[0]?.delta.content ?? '';
    }
  } catch (error) {
    result.error = error;
  }
  return result;
}

/** Every way to cut a text in two, and letter by letter. */
function cuts(text: string): string[][] {
  const two = [...Array(text.length + 1).keys()].map((at) => [text.slice(0, at), text.slice(at)]);
  return [...two, text.split('')];
}

describe('a streamed answer that no guard-rail can change', () => {
  it.each([
    ['dryrun', REDACT.replace('mode: enforce', 'mode: dryrun'), 'would_act'],
    ['annotate', documentOf('{ annotate: { attributes: { mail: seen } } }'), 'enforced'],
  ])('is judged and passes piece by piece as it comes (%s)', async (_name, document, disposition) => {
    install(core, guardrails(document));
    const pieces = ['to ', ...SECRET, ' now'];
    events = contents(pieces);
    const { chunks } = await read();
    expect(chunks).toEqual(events);
    expect(fed.at(-1)?.attributes['guardspan.disposition']).toBe(disposition);
    expect(core.streams.heldMax).toBe(0);
  });

  it('ends where the application aborts it, without what was held back', async () => {
    install(core, guardrails(REDACT));
    events = contents(['to ', 'jane.doe@mail']);
    const stream = await client.chat.completions.create(request);
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (text === 'to ') stream.controller.abort();
    }
    expect(text).toBe('to ');
  });
});

describe('a streamed answer under a guard-rail at chunk', () => {
  it('never gives a part of a finding to the application, wherever the pieces are cut', async () => {
    install(core, guardrails(REDACT));
    for (const pieces of cuts(`Write to ${SECRET} or not.`)) {
      events = contents(pieces);
      const { text, chunks, error } = await read();
      expect(error).toBeNull();
      expect(text).toBe('Write to <email> or not.');
      // One chunk for each of the provider's: nothing is swallowed.
      expect(chunks).toHaveLength(events.length);
    }
    expect(fed.at(-1)?.attributes['guardspan.disposition']).toBe('enforced');
    expect(fed.at(-1)?.attributes['guardspan.redaction.count']).toBe(1);
  });

  it('ends the answer with our error and ends the request, and what came before the finding is all that was read', async () => {
    install(core, guardrails(DENY));
    for (const pieces of cuts(`Write to ${SECRET} or not.`)) {
      aborted = false;
      events = contents(pieces);
      const { text, error } = await read();
      expect(error).toBeInstanceOf(GuardrailDeniedError);
      expect(error).toMatchObject({ status: 451, guidance: 'Leave addresses out.', guardrail: 'no-mail' });
      expect('Write to '.startsWith(text)).toBe(true);
      expect(aborted).toBe(true);
    }
    expect(fed.at(-1)?.attributes['guardspan.action']).toBe('deny');
  });

  it('changes nothing when nothing is found, but for where the pieces are cut', async () => {
    install(core, guardrails(REDACT));
    const text = 'Plain prose, with 3 numbers: 1, 22, 333; and an @ sign. 😀';
    for (const pieces of cuts(text)) {
      events = contents(pieces);
      const { text: got, chunks, error } = await read();
      expect([got, error, chunks.length]).toEqual([text, null, events.length]);
    }
    expect(fed.at(-1)?.attributes['guardspan.disposition']).toBe('allow');
  });

  it('touches no chunk when no guard-rail is about the answer', async () => {
    events = contents(['jane@', 'example.com']);
    const sent = JSON.parse(JSON.stringify(events)) as object[];
    expect((await read()).chunks).toEqual(sent);
  });

  it('keeps choices apart', async () => {
    install(core, guardrails(REDACT));
    const first = 'a jane@example.com b'.split('');
    const second = 'c 4111 1111 1111 1111 d'.split('');
    events = chat(
      second.flatMap((content, at) => [
        ...(first[at] === undefined ? [] : [{ index: 0, delta: { content: first[at] } }]),
        { index: 1, delta: { content } },
      ]),
      [0, 1],
    );
    const { chunks } = await read({ n: 2 });
    const textOf = (choice: number): string =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter(({ index }) => index === choice)
        .map(({ delta }) => delta.content ?? '')
        .join('');
    expect([textOf(0), textOf(1)]).toEqual(['a <email> b', 'c <credit_card> d']);
  });

  it('keeps arguments of tool calls valid JSON, cut at every place and interleaved', async () => {
    install(core, guardrails(REDACT));
    const source = '{"to":"jane\\u0040example.com","card":4111111111111111,"n":1}';
    for (const [head, tail] of cuts(source).filter((pieces) => pieces.length === 2)) {
      const call = (index: number, text: string, more: object = {}): { delta: object } => ({
        delta: { tool_calls: [{ index, ...more, function: { arguments: text } }] },
      });
      events = chat([
        call(0, '', { id: 'a', type: 'function', function: { name: 'send', arguments: '' } }),
        call(0, head!),
        call(1, '{"free":', { id: 'b', type: 'function' }),
        call(0, tail!),
        call(1, 'true}'),
      ]);
      const { chunks } = await read();
      const args = ['', ''];
      for (const { choices } of chunks) {
        for (const each of choices[0]?.delta.tool_calls ?? []) args[each.index] += each.function?.arguments ?? '';
      }
      expect(args.map((text) => JSON.parse(text) as unknown)).toEqual([
        { to: '<email>', card: '<credit_card>', n: 1 },
        { free: true },
      ]);
    }
  });

  it('keeps structured output valid JSON', async () => {
    install(core, guardrails(REDACT));
    events = contents('{"mail":"jane\\u0040example.com","card":4111111111111111}'.split(''));
    const { text } = await read({ response_format: { type: 'json_object' } });
    expect(JSON.parse(text)).toEqual({ mail: '<email>', card: '<credit_card>' });
  });

  it('lets log probabilities wait with their text, and leaves out those of what was replaced', async () => {
    install(core, guardrails(REDACT));
    const piece = (content: string): { delta: object; logprobs: object } => ({
      delta: { content },
      logprobs: { content: [{ token: content, logprob: -1 }], refusal: null },
    });
    events = chat(['Hello ', 'jane@', 'example.com', ' and ', 'bye '].map(piece));
    const { chunks } = await read();
    const tokens = chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content?.map(({ token }) => token) ?? []);
    expect(tokens).toEqual(['Hello ', 'bye ']);
  });

  it('gives the held rest out when a stream ends without a finish reason', async () => {
    install(core, guardrails(REDACT));
    events = contents(['to ', 'jane@example.com']).slice(0, 2);
    expect((await read()).text).toBe('to <email>');
  });

  it('works under the stream helper, tee and toReadableStream', async () => {
    install(core, guardrails(REDACT));
    events = chat([{ delta: { role: 'assistant', content: 'to jane@' } }, { delta: { content: 'example.com now' } }]);
    const { stream: _, ...params } = request;
    const final = await client.chat.completions.stream(params).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('to <email> now');
    const [left, right] = (await client.chat.completions.create(request)).tee();
    const text = async (side: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>): Promise<string> => {
      let out = '';
      for await (const chunk of side) out += chunk.choices[0]?.delta.content ?? '';
      return out;
    };
    expect(await Promise.all([text(left), text(right)])).toEqual(['to <email> now', 'to <email> now']);
    const readable = (await client.chat.completions.create(request)).toReadableStream();
    expect(await new Response(readable).text()).not.toContain('jane');
  });

  it('counts over the whole answer: what comes after the limit is what is acted on', async () => {
    install(core, guardrails(REDACT.replace('mail.count > 0', 'mail.count > 2')));
    events = contents(['a@x.com b@x.com ', 'c@x.com ', 'd@x.com ', 'done']);
    expect((await read()).text).toBe('a@x.com b@x.com <email> <email> done');
  });

  it.each([
    ['fails closed by default', '', true],
    ['lets it go with onError: allow, and says so', 'onError: allow', false],
  ])('when more would have to wait than may: %s', async (_name, extra, denied) => {
    ({ core, fed } = makeCore({ maxHeld: 64 }));
    patch?.undo();
    patch = patchOpenAI({ OpenAI, APIPromise }, '7', { runtime: () => core, declare: () => undefined });
    install(core, guardrails(documentOf('{ redact: { detections: [mail] } }', extra)));
    events = contents(['so ', 'x'.repeat(60), 'y'.repeat(60), ' end']);
    const { text, error } = await read();
    expect(error instanceof GuardrailDeniedError).toBe(denied);
    expect(text).toBe(denied ? 'so ' : `so ${'x'.repeat(60)}${'y'.repeat(60)} end`);
    expect(fed[0]?.attributes['guardspan.disposition']).toBe(denied ? 'deny_failclosed' : 'allow_failopen');
  });

  it('judges an answer that is not streamed as one chunk', async () => {
    install(core, guardrails(REDACT));
    const answer = { choices: [{ index: 0, message: { role: 'assistant', content: `at ${SECRET}.` } }] };
    const whole = new OpenAI({
      apiKey: 'test',
      fetch: () =>
        Promise.resolve(new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })),
    });
    const { stream: _, ...params } = request;
    const { choices } = await whole.chat.completions.create(params);
    expect(choices[0]?.message.content).toBe('at <email>.');
  });

  it('stops enforcing at once when a kill switch is on', async () => {
    install(core, guardrails(DENY));
    core.kills.file = true;
    events = contents(['to jane@example.com now']);
    expect((await read()).text).toBe('to jane@example.com now');
  });
});

describe('other streamed endpoints under a guard-rail at chunk', () => {
  it('guards text completions', async () => {
    install(core, guardrails(REDACT));
    const text = 'to jane@example.com now';
    for (const pieces of cuts(text)) {
      events = [...pieces, ''].map((piece, at) => ({
        id: 'c',
        object: 'text_completion',
        choices: [{ index: 0, text: piece, logprobs: null, finish_reason: at === pieces.length ? 'stop' : null }],
      }));
      let out = '';
      const stream = await client.completions.create({ model: 'm', prompt: 'x', stream: true });
      for await (const chunk of stream) out += chunk.choices[0]?.text ?? '';
      expect(out).toBe('to <email> now');
    }
  });

  it('guards responses: deltas, and every event that repeats a text', async () => {
    install(core, guardrails(REDACT));
    const text = 'to jane@example.com now';
    const args = '{"to":"jane@example.com"}';
    const place = { item_id: 'm1', output_index: 0, content_index: 0 };
    const tool = { item_id: 'f1', output_index: 1 };
    for (const pieces of cuts(text)) {
      const message = {
        type: 'message',
        id: 'm1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      };
      const call = { type: 'function_call', id: 'f1', call_id: 'c1', name: 'send', arguments: args };
      const response = { id: 'r1', object: 'response', model: 'm', status: 'completed', output: [message, call] };
      events = [
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        ...pieces.map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
        { type: 'response.output_text.done', ...place, text, logprobs: [] },
        { type: 'response.content_part.done', ...place, part: message.content[0] },
        { type: 'response.output_item.done', output_index: 0, item: message },
        ...args.split('').map((delta) => ({ type: 'response.function_call_arguments.delta', ...tool, delta })),
        { type: 'response.function_call_arguments.done', ...tool, arguments: args },
        { type: 'response.output_item.done', output_index: 1, item: call },
        { type: 'response.completed', response },
      ];
      let out = '';
      let built = '';
      let all = '';
      for await (const event of await client.responses.create({ model: 'm', input: 'x', stream: true })) {
        all += JSON.stringify(event);
        if (event.type === 'response.output_text.delta') out += event.delta;
        if (event.type === 'response.function_call_arguments.delta') built += event.delta;
      }
      expect(out).toBe('to <email> now');
      expect(JSON.parse(built)).toEqual({ to: '<email>' });
      expect(all).not.toContain('jane');
      expect(all.match(/to <email> now/g)!.length).toBeGreaterThanOrEqual(4);
    }
    const { attributes } = fed.at(-1)!;
    expect(attributes['guardspan.redaction.count']).toBe(2);
  });
});
