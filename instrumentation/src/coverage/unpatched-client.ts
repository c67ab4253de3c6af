import type { LoadedClient } from '../loader/clients.js';

/** What each client module asks, by host or by path. `onnxruntime-node` asks nobody. */
const ASKED: { readonly [module: string]: { host: RegExp; path: RegExp } } = {
  openai: {
    host: /^(?:api\.openai\.com|.+\.openai\.azure\.com)(?::\d+)?$/i,
    path: /\/(?:completions|responses|embeddings)(?:\?|$)/i,
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
