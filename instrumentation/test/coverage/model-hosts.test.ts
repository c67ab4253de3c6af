import { describe, expect, it } from 'vitest';
import { DEFAULT_MODEL_HOSTS, ModelHosts } from '../../src/coverage/model-hosts.js';

const hosts = new ModelHosts([...DEFAULT_MODEL_HOSTS, 'models.internal:8080', '*.gpu.example']);

describe('model hosts', () => {
  it.each([
    ['POST', 'api.openai.com', '/v1/chat/completions'],
    ['POST', 'api.anthropic.com', '/v1/messages?beta=true'],
    ['POST', 'acme.openai.azure.com', '/openai/deployments/gpt/chat/completions?api-version=1'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/models/gemini:streamGenerateContent'],
    ['POST', 'models.internal:8080', '/score'],
    ['POST', 'a.gpu.example:9000', '/predict'],
    ['POST', 'localhost:11434', '/api/chat'],
    ['POST', 'anything.example', '/v1/embeddings'],
    ['POST', 'bedrock-runtime.eu-west-1.amazonaws.com', '/model/claude/converse-stream'],
    ['POST', 'runtime.sagemaker.eu-west-1.amazonaws.com', '/endpoints/credit/invocations'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/models/gemini-embedding:embedContent'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/models/imagen:predict'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/interactions'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/tunedModels/mine:generateContent'],
    [
      'POST',
      'eu-aiplatform.googleapis.com',
      '/v1/projects/p/locations/eu/publishers/anthropic/models/c:streamRawPredict',
    ],
    ['POST', 'api.mistral.ai', '/v1/conversations'],
    ['POST', 'api.mistral.ai', '/v1/conversations/conv_1'],
    ['POST', 'api-inference.huggingface.co', '/models/gpt2'],
    ['POST', 'router.huggingface.co', '/hf-inference/models/acme/bert'],
    ['POST', 'api.openai.com', '/v1/threads/t/runs'],
    ['POST', 'api.openai.com', '/v1/images/generations'],
  ])('%s %s%s is a model call', (method, host, path) => {
    expect(hosts.isModelCall(method, host, path)).toBe(true);
  });

  it.each([
    ['GET', 'api.openai.com', '/v1/models'],
    ['POST', 'api.openai.com', '/v1/files'],
    ['POST', 'api.openai.com', '/v1/conversations'],
    ['POST', 'api.openai.com', '/v1/conversations/conv_1/items'],
    ['POST', 'api.openai.com', '/v1/vector_stores/v/files'],
    ['POST', 'api.openai.com', '/v1/batches/b/cancel'],
    ['POST', 'api.openai.com', '/v1/assistants/a'],
    ['POST', 'api.openai.com', '/v1/threads'],
    ['POST', 'api.openai.com', '/v1/moderations'],
    ['POST', 'api.openai.com', '/v1/threads/t/messages'],
    ['POST', 'api.anthropic.com', '/v1/messages/count_tokens'],
    ['POST', 'api.anthropic.com', '/v1/messages/batches'],
    ['POST', 'api.mistral.ai', '/v1/fine_tuning/models/m/archive'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/models/gemini:countTokens'],
    ['POST', 'generativelanguage.googleapis.com', '/v1beta/cachedContents'],
    ['POST', 'generativelanguage.googleapis.com', '/upload/v1beta/files'],
    ['POST', 'example.com', '/checkout'],
    ['POST', 'notopenai.azure.com', '/thing'],
    ['POST', '127.0.0.1:4318', '/v1/traces'],
  ])('%s %s%s is none', (method, host, path) => {
    expect(hosts.isModelCall(method, host, path)).toBe(false);
  });
});
