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
  ])('%s %s%s is a model call', (method, host, path) => {
    expect(hosts.isModelCall(method, host, path)).toBe(true);
  });

  it.each([
    ['GET', 'api.openai.com', '/v1/models'],
    ['POST', 'api.openai.com', '/v1/files'],
    ['POST', 'api.anthropic.com', '/v1/messages/count_tokens'],
    ['POST', 'example.com', '/checkout'],
    ['POST', 'notopenai.azure.com', '/thing'],
    ['POST', '127.0.0.1:4318', '/v1/traces'],
  ])('%s %s%s is none', (method, host, path) => {
    expect(hosts.isModelCall(method, host, path)).toBe(false);
  });
});
