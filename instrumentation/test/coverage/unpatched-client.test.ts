import { expect, it } from 'vitest';
import { unpatchedClient } from '../../src/coverage/unpatched-client.js';

const loaded = (module: string, patched: boolean) => ({ module, version: '1.0.0', patched });
const none = [
  'openai',
  '@anthropic-ai/sdk',
  'onnxruntime-node',
  '@google/genai',
  '@mistralai/mistralai',
  'ollama',
  'cohere-ai',
  '@aws-sdk/client-bedrock-runtime',
].map((module) => loaded(module, false));

it.each([
  ['api.openai.com', '/v1/images/generations', 'openai'],
  ['api.openai.com:443', '/v1/chat/completions', 'openai'],
  ['127.0.0.1:8080', '/v1/responses?stream=1', 'openai'],
  ['x.openai.azure.com', '/openai/deployments/a/audio', 'openai'],
  ['api.anthropic.com', '/v1/complete', '@anthropic-ai/sdk'],
  ['proxy.internal', '/v1/messages?beta=true', '@anthropic-ai/sdk'],
  ['generativelanguage.googleapis.com', '/v1beta/models/gemini:batchEmbedContents', '@google/genai'],
  ['proxy.internal', '/v1beta/models/gemini:streamGenerateContent?alt=sse', '@google/genai'],
  ['api.mistral.ai', '/v1/embeddings', 'openai'],
  ['api.mistral.ai', '/v1/fim', '@mistralai/mistralai'],
  ['127.0.0.1:11434', '/api/pull', 'ollama'],
  ['api.cohere.com', '/v2/rerank', 'cohere-ai'],
  ['bedrock-runtime.eu-west-1.amazonaws.com', '/model/m/converse', '@aws-sdk/client-bedrock-runtime'],
  ['proxy.internal', '/generate', undefined],
  ['api.openai.com.example', '/generate', undefined],
])('names the unpatched client that asks %s%s', (host, path, module) => {
  expect(unpatchedClient(none, host, path)).toBe(module);
});

it('names no client that is patched or was not loaded', () => {
  expect(unpatchedClient([loaded('openai', true)], 'api.openai.com', '/v1/embeddings')).toBeUndefined();
  expect(unpatchedClient([], 'api.openai.com', '/v1/embeddings')).toBeUndefined();
});
