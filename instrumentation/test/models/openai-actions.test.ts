import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { CallEnd, Redaction } from '@guardspan/policy/runtime';
import { GuardrailDeniedError, GuardrailShutdownError } from '../../src/actions/errors.js';
import { allow, FakeRuntime } from '../support/fake-runtime.js';
import { guardedOpenAI } from '../support/guarded-openai.js';
import { startOpenAIStub } from '../support/openai-stub.js';

let fake: FakeRuntime;
const openai = guardedOpenAI(() => (fake = new FakeRuntime()));

const chat = { model: 'stub', messages: [{ role: 'user' as const, content: 'hi' }] };

function end(change: Partial<CallEnd> = {}): CallEnd {
  return {
    kind: 'deny',
    guardrail: 'no-secrets',
    verdict: 'v1',
    status: 403,
    retryAfter: 0,
    guidance: '',
    message: 'Refused',
    fallback: '',
    ...change,
  };
}

/** Redacts every address of a part, as the decision function would. */
function redactions(parts: readonly { path: string; text: string }[]): Redaction[] {
  return parts.flatMap(({ path, text }) =>
    [...text.matchAll(/\S+@\S+\.com/g)].map((match) => ({
      path,
      start: match.index,
      end: match.index + match[0].length,
      entity: 'email',
      replacement: '<email>',
      guardrail: 'no-mail',
    })),
  );
}

describe('a refused call', () => {
  const shapes: Record<string, () => Promise<unknown>> = {
    awaited: async () => openai.client.chat.completions.create(chat),
    'asResponse()': async () => openai.client.chat.completions.create(chat).asResponse(),
    'withResponse()': async () => openai.client.chat.completions.create(chat).withResponse(),
    'parse()': async () => openai.client.chat.completions.parse(chat),
    streamed: async () => openai.client.chat.completions.create({ ...chat, stream: true }),
    'responses.create': async () => openai.client.responses.create({ model: 'stub', input: 'hi' }),
    'embeddings.create': async () => openai.client.embeddings.create({ model: 'stub', input: 'hi' }),
  };
  for (const [name, run] of Object.entries(shapes)) {
    it(`rejects with our error and sends nothing: ${name}`, async () => {
      fake.atRequest = () => allow({ action: 'deny', end: end() });
      await expect(run()).rejects.toBeInstanceOf(GuardrailDeniedError);
      expect(openai.stub.received).toHaveLength(0);
      expect(fake.calls[0]?.failures[0]).toBeInstanceOf(GuardrailDeniedError);
    });
  }

  it('withholds an answer that is refused at the response', async () => {
    fake.atResponse = () => allow({ action: 'deny', end: end() });
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({
      code: 'GUARDSPAN_DENIED',
      status: 403,
    });
    expect(openai.stub.received).toHaveLength(1);
  });
});

describe('shutdown', () => {
  it('answers from the declared fallback', async () => {
    fake.declareTarget({ name: 'small', params: { model: 'stub-small' } });
    fake.atRequest = () => allow({ action: 'shutdown', end: end({ kind: 'shutdown', fallback: 'small' }) });
    await openai.client.chat.completions.create(chat);
    expect(openai.stub.received[0]?.body['model']).toBe('stub-small');
    expect(fake.calls[0]?.rerouted).toEqual([{ to: 'small', model: { name: 'stub-small', provider: 'openai' } }]);
  });

  it('refuses when the fallback is not declared', async () => {
    fake.atRequest = () => allow({ action: 'shutdown', end: end({ kind: 'shutdown', fallback: 'unknown' }) });
    await expect(openai.client.chat.completions.create(chat)).rejects.toBeInstanceOf(GuardrailShutdownError);
    expect(openai.stub.received).toHaveLength(0);
  });
});

describe('reroute', () => {
  it('sends the call to another client of the same kind, guarded once', async () => {
    const other = await startOpenAIStub();
    try {
      const backup = new OpenAI({ apiKey: 'test', baseURL: other.baseURL, maxRetries: 0 });
      fake.declareTarget({ name: 'backup', client: backup, params: { model: 'stub-2' } });
      fake.atRequest = () =>
        allow({ action: 'reroute', reroute: { to: 'backup', guardrail: 'slow', directive: 'd1' } });
      const answer = await openai.client.chat.completions.create(chat);
      expect(answer.choices).toHaveLength(1);
      expect(openai.stub.received).toHaveLength(0);
      expect(other.received[0]?.body['model']).toBe('stub-2');
      expect(fake.calls).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

describe('redact', () => {
  it('changes every text of a request and none of the caller’s objects', async () => {
    fake.atRequest = (start) => allow({ action: 'redact', redactions: redactions(start.texts?.() ?? []) });
    const params: OpenAI.ChatCompletionCreateParamsNonStreaming = {
      model: 'stub',
      messages: [
        { role: 'system', content: 'ask ann@example.com' },
        { role: 'user', content: [{ type: 'text', text: 'I am bob@example.com and eve@example.com' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'mail', arguments: '{"to":"x@example.com" }' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'sent to x@example.com' },
      ],
    };
    const before = structuredClone(params);
    await openai.client.chat.completions.create(params);
    expect(params).toEqual(before);
    const sent = JSON.stringify(openai.stub.received[0]?.body);
    expect(sent).not.toContain('@example.com');
    expect(sent.match(/<email>/g)).toHaveLength(5);
  });

  const requests: Record<string, () => Promise<unknown>> = {
    'responses, text': async () =>
      openai.client.responses.create({ model: 'stub', input: 'bob@example.com', instructions: 'a@example.com' }),
    'responses, items': async () =>
      openai.client.responses.create({
        model: 'stub',
        input: [
          { role: 'user', content: [{ type: 'input_text', text: 'bob@example.com' }] },
          { type: 'function_call_output', call_id: 'c', output: 'bob@example.com' },
        ],
        prompt: { id: 'p', variables: { 'a.b~c': 'bob@example.com' } },
      }),
    completions: async () => openai.client.completions.create({ model: 'stub', prompt: ['bob@example.com', 'x'] }),
    embeddings: async () =>
      openai.client.embeddings.create({ model: 'stub', input: ['bob@example.com'], encoding_format: 'float' }),
  };
  for (const [name, run] of Object.entries(requests)) {
    it(`reaches the input of ${name}`, async () => {
      fake.atRequest = (start) => allow({ action: 'redact', redactions: redactions(start.texts?.() ?? []) });
      await run();
      const sent = JSON.stringify(openai.stub.received[0]?.body);
      expect(sent).toContain('<email>');
      expect(sent).not.toContain('@example.com');
    });
  }

  it('changes the text of an answer, also the copy that the client makes of it', async () => {
    fake.atResponse = (answer) => allow({ action: 'redact', redactions: redactions(answer.texts?.() ?? []) });
    const completion = await openai.client.chat.completions.create(chat);
    expect(completion.choices[0]?.message.content).toBe('mail <email>');
    const response = await openai.client.responses.create({ model: 'stub', input: 'hi' });
    expect(response.output_text).toBe('mail <email>');
  });

  it('sends nothing when a redaction cannot be carried out', async () => {
    const lost: Redaction = {
      path: 'messages.7.content',
      start: 0,
      end: 1,
      entity: 'email',
      replacement: '',
      guardrail: 'no-mail',
    };
    fake.atRequest = () => allow({ action: 'redact', redactions: [lost] });
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ guardrail: 'no-mail' });
    expect(openai.stub.received).toHaveLength(0);
  });
});

describe('the record', () => {
  it('has tokens, model and finish reason of an answer', async () => {
    await openai.client.chat.completions.create(chat);
    const answer = fake.calls[0]?.answers[0];
    expect(answer).toMatchObject({
      responseModel: 'stub-1',
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
      spanAttributes: { 'gen_ai.response.finish_reasons': ['stop'], 'gen_ai.response.id': 'chatcmpl-1' },
    });
    expect(fake.calls[0]?.start).toMatchObject({
      client: 'openai',
      operation: 'chat',
      remote: true,
      model: { name: 'stub', kind: 'llm' },
    });
  });

  it('has text, tokens and interleaved tool calls of a stream', async () => {
    const stream = await openai.client.chat.completions.create({ ...chat, stream: true });
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
    const answer = fake.calls[0]?.answers[0];
    expect(answer?.usage?.totalTokens).toBe(15);
    expect(answer?.timeToFirst).toBeGreaterThan(0);
    expect(answer?.texts?.()).toEqual([{ path: 'choices.0.message.content', role: 'assistant', text: 'hello world' }]);
    expect(answer?.toolCalls).toEqual([
      { name: 'second', arguments: { x: 2 } },
      { name: 'first', arguments: {} },
    ]);
  });
});
