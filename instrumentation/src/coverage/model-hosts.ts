/** Hosts to which a POST is a call of a model. `*.` stands for any sub-domain. */
export const DEFAULT_MODEL_HOSTS: readonly string[] = [
  '*.inference.ai.azure.com',
  '*.openai.azure.com',
  '*.services.ai.azure.com',
  'api-inference.huggingface.co',
  'api.anthropic.com',
  'api.cohere.ai',
  'api.cohere.com',
  'api.deepseek.com',
  'api.fireworks.ai',
  'api.groq.com',
  'api.mistral.ai',
  'api.openai.com',
  'api.perplexity.ai',
  'api.together.ai',
  'api.together.xyz',
  'api.x.ai',
  'generativelanguage.googleapis.com',
  'openrouter.ai',
  'router.huggingface.co',
];

/** Paths that ask a model for an answer, on whatever host: OpenAI-compatible servers, Anthropic, Gemini, Bedrock, Ollama. */
const CALL_PATH =
  /(?:\/chat\/completions|\/v1\/completions|\/v1\/responses|\/v1\/embeddings|\/v1\/messages|\/openai\/deployments\/[^/]+\/\w+|:(?:stream)?generateContent|\/model\/[^/]+\/(?:invoke|converse)(?:-with-response-stream|-stream)?|\/api\/(?:generate|chat|embed|embeddings))$/i;

/** Paths of model hosts that manage things and ask no model. */
const MANAGEMENT_PATH =
  /\/(?:models|files|uploads|batches|fine_tuning|fine-tuning|assistants|threads|vector_stores|organization|usage|conversations|token|oauth)(?:\/|$)|count_tokens$|:countTokens$/i;

/** Tells model calls from other outbound requests, by host and shape of the path. */
export class ModelHosts {
  readonly #exact = new Set<string>();
  readonly #suffixes: string[] = [];

  constructor(hosts: readonly string[]) {
    for (const host of hosts) {
      const name = host.toLowerCase();
      if (name.startsWith('*.')) this.#suffixes.push(name.slice(1));
      else this.#exact.add(name);
    }
  }

  /** @param host Name, with or without a port. @param path Path, with or without a query. */
  isModelCall(method: string, host: string, path: string): boolean {
    if (method !== 'POST') return false;
    const query = path.indexOf('?');
    const plain = query < 0 ? path : path.slice(0, query);
    if (CALL_PATH.test(plain)) return true;
    if (MANAGEMENT_PATH.test(plain)) return false;
    const name = host.toLowerCase();
    const bare = name.replace(/:\d+$/, '');
    return this.#exact.has(name) || this.#exact.has(bare) || this.#suffixes.some((suffix) => bare.endsWith(suffix));
  }
}
