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

/** Paths that ask a model for an answer, on whatever host. */
const CALL_PATH = new RegExp(
  `(?:${[
    // OpenAI and what speaks its API, Azure among them.
    '/chat/completions|/v1/completions|/v1/responses|/v1/embeddings|/openai/deployments/[^/]+/\\w+',
    // Anthropic.
    '/v1/messages',
    // Gemini, there and in Vertex AI, and models of others in Vertex AI.
    ':(?:stream)?generateContent|:embedContent|:batchEmbedContents|/publishers/[^/]+/models/[^/]+:(?:predict|rawPredict|streamRawPredict)',
    // Bedrock and SageMaker.
    '/model/[^/]+/(?:invoke|converse)(?:-with-response-stream|-stream)?|/endpoints/[^/]+/invocations(?:-response-stream)?',
    // Ollama.
    '/api/(?:generate|chat|embed|embeddings)',
  ].join('|')})$`,
  'i',
);

/** Paths of model hosts that manage things or check a text, and ask no model for an answer. */
const MANAGEMENT_PATH =
  /\/(?:models|moderations|files|uploads|batches|fine_tuning|fine-tuning|assistants|vector_stores|organization|usage|conversations|cachedContents|tunedModels|corpora|fileSearchStores|token|oauth)(?:\/[^/:]+)?$|\/(?:files|uploads|batches|fine_tuning|fine-tuning|vector_stores|organization|conversations)\/|\/threads(?:\/[^/]+(?:\/messages)?)?$|count_tokens$|:countTokens$/i;

/** Hosts on which a path asks a model that manages things on others: Mistral's agents, and models by their name. */
const CALL_PATHS_OF: { readonly [host: string]: RegExp } = {
  'api.mistral.ai': /\/conversations(?:\/|$)/i,
  'api-inference.huggingface.co': /^\/models\//i,
  'router.huggingface.co': /\/models\//i,
};

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
    const name = host.toLowerCase();
    const bare = name.replace(/:\d+$/, '');
    if (Object.hasOwn(CALL_PATHS_OF, bare) && CALL_PATHS_OF[bare]!.test(plain)) return true;
    if (MANAGEMENT_PATH.test(plain)) return false;
    return this.#exact.has(name) || this.#exact.has(bare) || this.#suffixes.some((suffix) => bare.endsWith(suffix));
  }
}
