import { describe, expect, it } from 'vitest';
import { askedBy } from '../../src/models/http/asked.js';
import { declarationFor } from '../../src/models/http/declared-servers.js';
import { EventLines, eventWith } from '../../src/models/http/event-lines.js';
import { serverRequest } from '../../src/models/http/server-format.js';

const request = (url: string, body: Record<string, unknown>, declared: object = {}) =>
  serverRequest({ url: '*', ...declared }, new URL(url), body);

describe('declared servers', () => {
  it.each([
    ['http://models:8080/*', 'http://models:8080/v2/models/a/infer?x=1', true],
    ['http://models:8080/*', 'http://models:80800/v2', false],
    ['https://*.internal/*/invocations', 'https://a.internal/b/invocations', true],
    ['https://*.internal/*/invocations', 'https://a.internal/invocations', false],
    ['http://a/b', 'http://a/b#c', true],
    ['http://a/b*b', 'http://a/b', false],
  ])('%s covers %s: %s', (url, address, covered) => {
    expect(declarationFor([{ url }], address) !== undefined).toBe(covered);
  });

  it('are found in their order', () => {
    const declared = [
      { url: 'http://a/*', name: 'first' },
      { url: '*', name: 'second' },
    ];
    expect(declarationFor(declared, 'http://a/b')?.name).toBe('first');
    expect(declarationFor(declared, 'http://b/b')?.name).toBe('second');
  });
});

describe('requests to servers of models', () => {
  it.each([
    [
      'http://h/v2/models/credit%20risk/versions/3/infer',
      {
        inputs: [
          { name: 'age', data: [41] },
          { name: 'sex', data: ['f'] },
          { name: 'image', data: Array(65).fill(0) },
        ],
      },
      { name: 'credit risk', version: '3', framework: 'kserve_v2' },
      { age: 41, sex: 'f' },
    ],
    [
      'http://h/v1/models/risk/versions/7:predict',
      { instances: [{ age: 41, codes: [1, 2] }] },
      { name: 'risk', version: '7', framework: 'tf_serving' },
      { age: 41, codes: [1, 2] },
    ],
    ['http://h/v1/models/risk:predict', { instances: [{ age: 1 }, { age: 2 }] }, { name: 'risk', version: '' }, {}],
    [
      'http://h/predictions/risk/1.0',
      { age: 41 },
      { name: 'risk', version: '1.0', framework: 'torchserve' },
      { age: 41 },
    ],
    [
      'http://h:5000/invocations',
      { dataframe_split: { columns: ['age', 'sex'], data: [[41, 'f']] } },
      { name: 'h:5000', framework: 'mlflow' },
      { age: 41, sex: 'f' },
    ],
    ['http://h/invocations', { dataframe_records: [{ age: 41 }] }, { framework: 'mlflow' }, { age: 41 }],
  ])('%s', (url, body, model, features) => {
    const read = request(url, body);
    expect(read?.model).toMatchObject(model);
    expect(read?.features('all')).toEqual(features);
    expect(read?.features(['age'])).toEqual('age' in features ? { age: features.age } : {});
  });

  it('take name, version and kind from the declaration first', () => {
    const declared = { name: 'risk', version: '3.2', kind: 'classifier' };
    expect(request('http://h/invocations', {}, declared)?.model).toMatchObject(declared);
  });

  it('read label, score and values of answers', () => {
    const read = request('http://h/v1/models/risk:predict', { instances: [] })!;
    expect(read.answer({ predictions: [{ label: 'approve', score: 0.75, more: 1 }] }, ['more'])).toEqual({
      output: { label: 'approve', score: 0.75, values: { more: 1 } },
    });
    expect(read.answer({ predictions: [[1], [2]] }, 'all')).toEqual({ output: { values: {} } });
  });

  it('are language models at the paths of OpenAI', () => {
    const body = { model: 'llama', stream: true, messages: [{ role: 'user', content: 'hi' }] };
    const read = request('http://h/v1/chat/completions', body);
    expect(read?.model).toMatchObject({ name: 'llama', kind: 'llm', framework: 'openai_http' });
    expect(read?.streamed).toBe(true);
    expect(read?.texts()).toEqual([{ path: 'messages.0.content', role: 'user', text: 'hi' }]);
  });

  it('are language models at the generate paths of Triton, whose address names the model', () => {
    const body = { id: '42', text_input: 'mail bob', parameters: { temperature: 0 }, stop_words: ['END'] };
    const read = request('http://h/v2/models/llama%203/versions/2/generate', body);
    expect(read).toMatchObject({ streamed: false, addressed: true, operation: 'text_completion' });
    expect(read?.model).toMatchObject({ name: 'llama 3', version: '2', kind: 'llm', framework: 'triton' });
    expect(read?.texts()).toEqual([
      { path: 'text_input', role: 'user', text: 'mail bob' },
      { path: 'stop_words.0', role: 'user', text: 'END' },
    ]);
    const answer = read!.answer({ model_name: 'llama 3', model_version: '2', text_output: 'done' }, 'none');
    expect(answer).toMatchObject({ responseModel: 'llama 3' });
    expect(answer.texts!()).toEqual([{ path: 'text_output', role: 'assistant', text: 'done' }]);
    expect(request('http://h/v2/models/llama/generate_stream', body)?.streamed).toBe(true);
  });

  it.each([
    ['/v1/images/edits', { model: 'm', prompt: 'hi' }, 'openai_http', 'image_generation', 'hi'],
    ['/v1/images/variations', { model: 'm' }, 'openai_http', 'image_generation', undefined],
    ['/v1/audio/speech', { model: 'm', input: 'hi' }, 'openai_http', 'speech', 'hi'],
    ['/v1/audio/transcriptions', { model: 'm', prompt: 'hi' }, 'openai_http', 'transcription', 'hi'],
    ['/v1/audio/translations', { model: 'm', prompt: 'hi' }, 'openai_http', 'translation', 'hi'],
    ['/v1/agents/completions', { agent_id: 'm', messages: [{ content: 'hi' }] }, 'openai_http', 'chat', 'hi'],
    ['/v1beta/interactions', { model: 'models/m', input: 'hi' }, 'google_http', 'generate_content', 'hi'],
    ['/v1beta/interactions', { agent: 'm', input: 'hi' }, 'google_http', 'generate_content', 'hi'],
    ['/v1/conversations', { model: 'm', inputs: 'hi' }, 'mistral_http', 'chat', 'hi'],
    ['/v1/conversations', { agent_id: 'm', inputs: 'hi' }, 'mistral_http', 'chat', 'hi'],
  ])('are models at %s', (path, body, framework, operation, text) => {
    const read = request(`http://h${path}`, body);
    expect(read?.model).toMatchObject({ name: 'm', framework });
    expect([read?.operation, read?.addressed, read?.streamed]).toEqual([operation, false, false]);
    expect(read?.texts().map((part) => part.text)).toEqual(text === undefined ? [] : [text]);
  });

  it('are conversations that go on, whose model they do not name, and none that are only kept', () => {
    for (const path of ['/v1/conversations/c', '/v1/conversations/c/restart']) {
      const read = request(`http://h${path}`, { inputs: [{ role: 'user', content: 'hi' }] });
      expect([read?.model.name, read?.addressed]).toEqual(['default', true]);
      expect(read?.texts()).toEqual([{ path: 'inputs.0.content', role: 'user', text: 'hi' }]);
    }
    expect(request('http://h/v1/conversations', { items: [] })).toBeUndefined();
    expect(request('http://h/v1/conversations/c', { metadata: {} })).toBeUndefined();
    expect(request('http://h/v1/conversations/c/items', { inputs: 'hi' })).toBeUndefined();
  });

  it('cannot be read without JSON, and ask none where only the body tells', () => {
    const asked = (path: string): unknown => askedBy({ url: '*' }, `http://h${path}`, 'no JSON');
    expect(asked('/v1/audio/transcriptions')).toBe('unreadable');
    expect(asked('/v1/chat/completions')).toBe('unreadable');
    expect(asked('/v1/conversations')).toBeUndefined();
    expect(asked('/v1/files')).toBeUndefined();
  });

  it("read what Mistral's conversations answer as it is on the wire", () => {
    const read = request('http://h/v1/conversations', { model: 'm', inputs: 'hi' })!;
    const outputs = [
      { type: 'message.output', model: 'm-1', content: 'hello' },
      { type: 'function.call', name: 'f', arguments: '{"a":1}' },
    ];
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const answer = read.answer({ conversation_id: 'c', outputs, usage }, 'none');
    expect(answer).toMatchObject({
      spanAttributes: { 'gen_ai.response.id': 'c' },
      responseModel: 'm-1',
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
      toolCalls: [{ name: 'f', arguments: { a: 1 } }],
    });
    expect(answer.texts!().map(({ path }) => path)).toEqual(['outputs.0.content', 'outputs.1.arguments']);
  });

  it('are none at any other path', () => {
    expect(request('http://h/v2/models/a/ready', {})).toBeUndefined();
    expect(request('http://h/metrics', {})).toBeUndefined();
  });
});

describe('events of a stream', () => {
  it('are the same wherever the stream is cut', () => {
    const source = ': comment\n\nevent: a\r\ndata: {"x":1}\r\n\r\ndata: {"y":\ndata: 2}\n\ndata: [DONE]\n\n';
    for (let cut = 0; cut <= source.length; cut++) {
      const lines = new EventLines();
      const events = [source.slice(0, cut), source.slice(cut)].flatMap((piece) => lines.push(piece));
      events.push(...lines.finish());
      expect(events.map(({ data }) => data)).toEqual([undefined, { x: 1 }, { y: 2 }, undefined]);
      expect(events.map((event) => event.source).join('')).toBe(source);
    }
  });

  it('keep their other lines when their data changes', () => {
    expect(eventWith('event: a\nid: 7\ndata: {}\n\n', { x: 1 })).toBe('event: a\nid: 7\ndata: {"x":1}\n\n');
  });

  it('have the name of their data when they have one', () => {
    expect(eventWith('event: a\nid: 7\ndata: {}\n\n', { type: 'b' })).toBe('event: b\nid: 7\ndata: {"type":"b"}\n\n');
    expect(eventWith('event: a\n\n', { event_type: 'c' })).toBe('event: c\ndata: {"event_type":"c"}\n\n');
    expect(eventWith('data: {}\n\n', { type: 'b' })).toBe('data: {"type":"b"}\n\n');
  });

  it('are given out as they are when they have no end', () => {
    const lines = new EventLines();
    lines.push('x'.repeat(4_194_304));
    expect(lines.push('x')).toEqual([{ source: 'x'.repeat(4_194_305), data: undefined, endless: true }]);
    expect(lines.push('data: 1\n\n')).toEqual([{ source: 'data: 1\n\n', data: 1 }]);
  });
});
