import { describe, expect, it } from 'vitest';
import { editedCopy, editInPlace } from '../../src/actions/text-paths.js';
import { messages } from '../../src/models/anthropic/messages.js';
import { bodyTexts } from '../../src/models/bedrock/body.js';
import { requestTexts as converseTexts } from '../../src/models/bedrock/converse.js';
import { generateContent } from '../../src/models/google/generate-content.js';
import { ENDPOINTS as MISTRAL } from '../../src/models/mistral/completions.js';

const THOUGHT = 'ask jane';
const redact = (path: string): { path: string; start: number; end: number; replacement: string } => ({
  ...{ path, start: 4, end: 8, replacement: '***' },
});

interface Shape {
  request: object;
  texts: (request: never) => { path: string; text: string }[];
  path: string;
  /** The part with the thought, once it was changed. */
  changed: object;
}

const SHAPES: Record<string, Shape> = {
  anthropic: {
    request: {
      messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: THOUGHT, signature: 's' }] }],
    },
    texts: messages.requestTexts,
    path: 'messages.0.content.0.thinking',
    changed: { messages: [{ content: [{ type: 'thinking', thinking: '', signature: 's' }] }] },
  },
  'bedrock converse': {
    request: {
      messages: [
        {
          role: 'assistant',
          content: [{ reasoningContent: { reasoningText: { text: THOUGHT, signature: 's' } } }],
        },
      ],
    },
    texts: converseTexts,
    path: 'messages.0.content.0.reasoningContent.reasoningText.text',
    changed: { messages: [{ content: [{ reasoningContent: { reasoningText: { text: '', signature: 's' } } }] }] },
  },
  'bedrock InvokeModel': {
    request: {
      anthropic_version: 'bedrock-2023-05-31',
      messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: THOUGHT, signature: 's' }] }],
    },
    texts: (request) => bodyTexts(request, 'user'),
    path: 'messages.0.content.0.thinking',
    changed: { messages: [{ content: [{ type: 'thinking', thinking: '', signature: 's' }] }] },
  },
  google: {
    request: { contents: [{ role: 'model', parts: [{ text: THOUGHT, thought: true, thoughtSignature: 's' }] }] },
    texts: generateContent.requestTexts,
    path: 'contents.0.parts.0.text',
    changed: { contents: [{ role: 'model', parts: [{ text: 'ask ***', thought: true }] }] },
  },
  mistral: {
    request: {
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'thinking', thinking: [{ type: 'text', text: THOUGHT }], signature: 's' }],
        },
      ],
    },
    texts: MISTRAL.find(({ method }) => method === 'complete')!.requestTexts,
    path: 'messages.0.content.0.thinking.0.text',
    changed: { messages: [{ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'ask ***' }] }] }] },
  },
};

describe.each(Object.entries(SHAPES))('a signed thought of %s', (name, { request, texts, path, changed }) => {
  it('is a text, and its signature is none', () => {
    expect(texts(request as never).map((part) => [part.path, part.text])).toEqual([[path, THOUGHT]]);
  });

  it('is sent back as the provider takes it once it was changed, and the object of the application stays', () => {
    const before = structuredClone(request);
    const sent = editedCopy(request, [redact(path)]);
    expect(sent).toMatchObject(changed);
    const signed = JSON.stringify(changed).includes('"s"');
    expect(JSON.stringify(sent).includes('"s"'), name).toBe(signed);
    expect(request).toEqual(before);
  });

  it('is the same in an answer', () => {
    const answer = structuredClone(request);
    editInPlace(answer, [redact(path)]);
    expect(answer).toEqual(editedCopy(request, [redact(path)]));
  });

  it('keeps its signature when an edit leaves it as it was', () => {
    const edit = { path, start: 4, end: 8, replacement: 'jane' };
    expect(editedCopy(request, [edit])).toEqual(request);
  });
});

it('redacts what tools are given however it is shaped', () => {
  const input = { type: 'thinking', thinking: THOUGHT, signature: 's' };
  const answer = { content: [{ type: 'tool_use', input }] };
  editInPlace(answer, [redact('content.0.input.thinking')]);
  expect(input).toEqual({ type: 'thinking', thinking: 'ask ***', signature: 's' });
});

it('leaves what a body of InvokeModel is built of out of its texts, and tools that are offered out of what is rewritten', () => {
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    system: 'be kind',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    tools: [{ name: 'send', type: 'custom', description: 'sends', input_schema: { type: 'object' } }],
  };
  expect(bodyTexts(body, 'user').map(({ path, role }) => [path, role])).toEqual([
    ['system', 'system'],
    ['messages.0.content.0.text', 'user'],
    ['tools.0.description', 'offered'],
  ]);
  const use = { content: [{ type: 'tool_use', id: 't', name: 'send', input: { id: 'jane', type: 'mail' } }] };
  expect(bodyTexts(use, 'assistant').map(({ path }) => path)).toEqual(['content.0.input.id', 'content.0.input.type']);
});
