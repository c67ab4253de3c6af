import type { LoadedClient } from '../loader/clients.js';

/** What each client module asks, by host or by path. `onnxruntime-node` asks nobody. */
const ASKED: { readonly [module: string]: { host: RegExp; path: RegExp } } = {
  openai: {
    host: /^(?:api\.openai\.com|.+\.openai\.azure\.com)(?::\d+)?$/i,
    path: /\/(?:completions|responses|embeddings)(?:\?|$)/i,
  },
  '@google/genai': {
    host: /^(?:generativelanguage|(?:[\w-]+-)?aiplatform)\.googleapis\.com(?::\d+)?$/i,
    path: /:(?:stream)?generateContent(?:\?|$)/i,
  },
  '@mistralai/mistralai': {
    host: /^api\.mistral\.ai(?::\d+)?$/i,
    path: /\/v1\/(?:agents|fim)\/completions(?:[?#]|$)/i,
  },
  ollama: { host: /^(?:[\w.-]+:11434|ollama\.com)$/i, path: /\/api\/(?:chat|generate|embed)(?:\?|$)/i },
  'cohere-ai': { host: /^api\.cohere\.(?:ai|com)(?::\d+)?$/i, path: /\/v[12]\/(?:chat|embed|rerank)(?:\?|$)/i },
  '@aws-sdk/client-bedrock-runtime': {
    host: /^bedrock-runtime[\w.-]*\.amazonaws\.com(?:\.cn)?(?::\d+)?$/i,
    path: /\/model\/[^/]+\/(?:invoke|converse)(?:-with-response-stream|-stream)?$/i,
  },
  '@anthropic-ai/sdk': { host: /^api\.anthropic\.com(?::\d+)?$/i, path: /\/v1\/messages(?:\?|$)/i },
};

/**
 * Names the client module that explains a call of a model which was made outside of a guarded call: one that loaded and could not be patched, and asks
 * such hosts or paths. Undefined when none does.
 */
export function unpatchedClient(clients: readonly LoadedClient[], host: string, path: string): string | undefined {
  return clients.find(({ module, patched }) => {
    const asked = ASKED[module];
    return !patched && asked !== undefined && (asked.host.test(host) || asked.path.test(path));
  })?.module;
}
