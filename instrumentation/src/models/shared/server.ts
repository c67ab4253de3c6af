/** Where a client sends its calls. */
export interface Server {
  /** `gen_ai.provider.name`. */
  provider: string;
  /** Host name, or empty when unknown. */
  address: string;
  port: number;
}

/** Hosts of providers that speak the API of another, by the end of the name. */
const PROVIDERS: readonly (readonly [suffix: string, provider: string])[] = [
  ['.openai.azure.com', 'azure.ai.openai'],
  ['.services.ai.azure.com', 'azure.ai.inference'],
  ['.cognitiveservices.azure.com', 'azure.ai.openai'],
  ['api.groq.com', 'groq'],
  ['api.deepseek.com', 'deepseek'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
];

const known = new WeakMap<object, { baseURL: string; server: Server }>();

/** Provider and address by an address alone. `own` is the provider whose client it is. */
export function serverAt(baseURL: string, own: string): Server {
  try {
    const { hostname, port, protocol } = new URL(baseURL);
    const provider = PROVIDERS.find(([suffix]) => hostname.endsWith(suffix))?.[1] ?? own;
    return { provider, address: hostname, port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
  } catch {
    return { provider: own, address: '', port: 0 };
  }
}

/** Provider and address of a client by its `baseURL`, remembered per client. `own` is the provider whose client it is. */
export function serverOf(client: unknown, own: string): Server {
  if (typeof client !== 'object' || client === null) return serverAt('', own);
  const value: unknown = (client as { baseURL?: unknown }).baseURL;
  const baseURL = typeof value === 'string' ? value : '';
  const entry = known.get(client);
  if (entry?.baseURL === baseURL) return entry.server;
  const server = serverAt(baseURL, own);
  known.set(client, { baseURL, server });
  return server;
}
