import Anthropic, { APIPromise } from '@anthropic-ai/sdk';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardrailDeniedError } from '../../src/actions/errors.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { Patch } from '../../src/loader/patch.js';
import { patchAnthropic } from '../../src/models/anthropic/patch-anthropic.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { AnthropicFetch, messageEvents } from '../support/anthropic-fetch.js';
import { FakeRuntime } from '../support/fake-runtime.js';

const module = { Anthropic, APIPromise };
const params = { model: 'claude-stub', max_tokens: 100, messages: [{ role: 'user' as const, content: 'hi' }] };

let server: AnthropicFetch;
let client: Anthropic;
let patch: Patch | null;

beforeEach(() => {
  server = new AnthropicFetch();
  client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: server.fetch });
  patch = null;
});
afterEach(() => patch?.undo());

type Events = AsyncIterable<Anthropic.RawMessageStreamEvent>;
async function read(stream: Events): Promise<Anthropic.RawMessageStreamEvent[]> {
  const events: Anthropic.RawMessageStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
function textsOf(events: readonly Anthropic.RawMessageStreamEvent[]): string[] {
  const texts: string[] = [];
  for (const event of events) {
    if (event.type !== 'content_block_delta') continue;
    const { delta } = event;
    const piece =
      delta.type === 'text_delta'
        ? delta.text
        : delta.type === 'thinking_delta'
          ? delta.thinking
          : delta.type === 'input_json_delta'
            ? delta.partial_json
            : '';
    texts[event.index] = (texts[event.index] ?? '') + piece;
  }
  return texts;
}

describe('a patched @anthropic-ai/sdk behaves as an unpatched one', () => {
  const usages: Record<string, { run: () => Promise<unknown>; failed?: boolean }> = {
    create: { run: async () => client.messages.create(params) },
    'create().withResponse()': {
      run: async () => {
        const { data, response, request_id } = await client.messages.create(params).withResponse();
        return [data, response.status, request_id];
      },
    },
    'create().asResponse() and json()': {
      run: async () => (await client.messages.create(params).asResponse()).json(),
    },
    'stream read to its end': { run: async () => read(await client.messages.create({ ...params, stream: true })) },
    'stream left by break': {
      run: async () => {
        for await (const event of await client.messages.create({ ...params, stream: true })) return event;
        return null;
      },
    },
    'stream aborted before it is read': {
      run: async () => {
        const stream = await client.messages.create({ ...params, stream: true });
        stream.controller.abort();
        return stream.controller.signal.aborted;
      },
    },
    'stream with withResponse()': {
      run: async () => {
        const { data, response } = await client.messages.create({ ...params, stream: true }).withResponse();
        return [await read(data), response.status];
      },
    },
    'stream.tee()': {
      run: async () => {
        const [left, right] = (await client.messages.create({ ...params, stream: true })).tee();
        return [await read(left), await read(right)];
      },
    },
    'stream.toReadableStream()': {
      run: async () => {
        const stream = await client.messages.create({ ...params, stream: true });
        return new Response(stream.toReadableStream() as unknown as ReadableStream).text();
      },
    },
    'messages.stream().finalMessage()': { run: async () => client.messages.stream(params).finalMessage() },
    'messages.stream() read as events': { run: async () => read(client.messages.stream(params)) },
    'messages.parse()': { run: async () => client.messages.parse(params) },
    'beta.messages.create': { run: async () => client.beta.messages.create(params) },
    'HTTP 500': { run: async () => client.messages.create({ ...params, model: 'ERR' }), failed: true },
    'an answer that is no JSON': {
      run: async () => client.messages.create({ ...params, model: 'BROKEN' }),
      failed: true,
    },
    'HTTP 500 for a stream': {
      run: async () => client.messages.create({ ...params, model: 'ERR', stream: true }),
      failed: true,
    },
    'stream cut by the server': {
      run: async () => read(await client.messages.create({ ...params, model: 'CUT', stream: true })),
      failed: true,
    },
    'stream aborted while it is read': {
      run: async () => {
        const stream = await client.messages.create({ ...params, model: 'SLOW', stream: true });
        let events = 0;
        for await (const _ of stream) {
          if (++events === 3) stream.controller.abort();
        }
        return events;
      },
    },
  };
  async function outcome(run: () => Promise<unknown>): Promise<unknown> {
    try {
      return { value: await run() };
    } catch (error) {
      const { name, message, status } = error as Error & { status?: number };
      return { type: (error as object).constructor.name, name, message, status };
    }
  }
  for (const [name, { run, failed }] of Object.entries(usages)) {
    it(name, async () => {
      const bare = await outcome(run);
      const fake = new FakeRuntime();
      patch = patchAnthropic(module, '1', fake);
      expect(patch).not.toBeNull();
      expect(await outcome(run)).toEqual(bare);
      await new Promise((resolve) => setImmediate(resolve));
      expect(fake.calls).toHaveLength(1);
      expect(fake.calls[0]!.ended).toBeGreaterThan(0);
      expect(fake.calls[0]!.failures).toHaveLength(failed === true ? 1 : 0);
    });
  }

  it('is not touched once the patch is undone, and a module without messages is declined', async () => {
    const fake = new FakeRuntime();
    patchAnthropic(module, '1', fake)?.undo();
    await client.messages.create(params);
    expect(fake.calls).toHaveLength(0);
    expect(patchAnthropic({}, '1', fake)).toBeNull();
  });
});

describe('a call of @anthropic-ai/sdk under guard-rails', () => {
  let core: GuardCore;
  let fed: FeedRecord[];
  beforeEach(() => {
    ({ core, fed } = makeCore());
    patch = patchAnthropic(module, '1', { runtime: () => core, declare: () => undefined });
  });

  const guard = (at: string, action: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: ${at}
  uses: { mail: { detector: pii, on: ${at === 'request' ? 'prompt' : 'output'}.text, entities: [email, credit_card] } }
  when: "mail.count > 0"
  action: ${action}
  mode: enforce
`;
  const REDACT = '{ redact: { detections: [mail] } }';

  it('redacts each text of the request and leaves the objects of the application as they are', async () => {
    install(core, guardrails(guard('request', REDACT)));
    const mail = 'ask a@x.com';
    const request = {
      ...params,
      system: [{ type: 'text' as const, text: mail }],
      messages: [
        { role: 'user' as const, content: mail },
        {
          role: 'assistant' as const,
          content: [{ type: 'tool_use' as const, id: 't', name: 'n', input: { to: [mail] } }],
        },
        {
          role: 'user' as const,
          content: [
            { type: 'tool_result' as const, tool_use_id: 't', content: [{ type: 'text' as const, text: mail }] },
            {
              type: 'document' as const,
              source: { type: 'text' as const, media_type: 'text/plain' as const, data: mail },
            },
          ],
        },
      ],
    };
    const before = JSON.stringify(request);
    await client.messages.create(request);
    expect(JSON.stringify(request)).toBe(before);
    const sent = JSON.stringify(server.received[0]);
    expect(sent).not.toContain('a@x.com');
    expect(sent.match(/ask <email>/g)).toHaveLength(5);
  });

  it('refuses before anything is sent', async () => {
    install(core, guardrails(guard('request', '{ deny: {} }')));
    const request = { ...params, messages: [{ role: 'user' as const, content: 'a@x.com' }] };
    await expect(client.messages.create(request)).rejects.toBeInstanceOf(GuardrailDeniedError);
    await expect(client.messages.create(request).asResponse()).rejects.toBeInstanceOf(GuardrailDeniedError);
    await expect(client.messages.stream(request).finalMessage()).rejects.toThrow('no-mail');
    expect(server.received).toHaveLength(0);
  });

  it('redacts the answer, text and input of tools', async () => {
    install(core, guardrails(guard('response', REDACT)));
    server.content = [
      { type: 'text', text: 'mail bob@example.com' },
      { type: 'tool_use', id: 't', name: 'send', input: { to: { address: 'bob@example.com' } } },
    ];
    const { content } = await client.messages.create(params);
    expect(content).toEqual([
      { type: 'text', text: 'mail <email>' },
      { type: 'tool_use', id: 't', name: 'send', input: { to: { address: '<email>' } } },
    ]);
  });

  it('redacts a streamed answer wherever it is cut: text, thinking and input of tools', async () => {
    install(core, guardrails(guard('chunk', REDACT)));
    const text = 'to jane@example.com now';
    const json = '{"to":"jane\\u0040example.com","card":4111111111111111}';
    for (let cut = 0; cut <= json.length; cut++) {
      const pieces = (whole: string): string[] => [whole.slice(0, cut), whole.slice(cut)];
      server.events = messageEvents([
        { thinking: pieces(text) },
        { text: pieces(text) },
        { json: pieces(json), name: 'send' },
      ]);
      const texts = textsOf(await read(await client.messages.create({ ...params, stream: true })));
      expect(texts.slice(0, 2)).toEqual(['to <email> now', 'to <email> now']);
      expect(JSON.parse(texts[2]!)).toEqual({ to: '<email>', card: '<credit_card>' });
      const final = await client.messages.stream(params).finalMessage();
      expect(final.content.at(-1)).toMatchObject({ input: { to: '<email>', card: '<credit_card>' } });
    }
    const { attributes } = fed.at(-1)!;
    expect(attributes['guardspan.disposition']).toBe('enforced');
  });

  it('ends a streamed answer with our error', async () => {
    install(core, guardrails(guard('chunk', '{ deny: { status: 451 } }')));
    server.events = messageEvents([{ text: ['so jane@', 'example.com ', 'now'] }]);
    const stream = await client.messages.create({ ...params, stream: true });
    await expect(read(stream)).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED', status: 451 });
    expect(stream.controller.signal.aborted).toBe(true);
  });

  it('records model, tokens, stop reason and tool calls, streamed or not', async () => {
    server.content = [{ type: 'tool_use', id: 't', name: 'send', input: { n: 1 } }];
    await client.messages.create(params);
    server.events = messageEvents([{ json: ['{"n"', ':1}'], name: 'send' }]);
    await read(await client.messages.create({ ...params, stream: true }));
    expect(fed).toHaveLength(2);
    for (const { attributes } of fed) {
      expect(attributes).toMatchObject({
        'guardspan.model.name': 'claude-stub',
        'guardspan.model.framework': 'anthropic',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 5,
      });
    }
  });
});

describe('spans that the client makes by itself', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  afterAll(() => provider.shutdown());

  it.each([
    ['an answer', async () => void (await client.messages.create(params))],
    ['a stream', async () => void (await read(await client.messages.create({ ...params, stream: true })))],
    ['the stream helper', async () => void (await client.messages.stream(params).finalMessage())],
  ])('are one with ours: %s', async (_name, run) => {
    exporter.reset();
    const { core } = makeCore({ tracer: () => provider.getTracer('guardspan') });
    patch = patchAnthropic(module, '1', { runtime: () => core, declare: () => undefined });
    const openTelemetry = { tracerProvider: provider };
    client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: server.fetch, openTelemetry });
    await run();
    await run();
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(['chat claude-stub', 'chat claude-stub']);
    for (const { attributes } of spans) {
      // One attribute that only the client knows, and one that only we know.
      expect(attributes).toMatchObject({ 'http.request.method': 'POST', 'guardspan.model.name': 'claude-stub' });
    }
  });

  it('stay the client’s own for calls that are not guarded', async () => {
    exporter.reset();
    const openTelemetry = { tracerProvider: provider };
    client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: server.fetch, openTelemetry });
    await client.messages.create(params);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
