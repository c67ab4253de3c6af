/** Where a client sends its calls. */
export interface Server {
  /** `gen_ai.provider.name`. */
  provider: string;
  /** Host name, or empty when unknown. */
  address: string;
  port: number;
}

/** Hosts of providers that speak this API, by the end of the name. */
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

function parse(baseURL: string): Server {
  try {
    const { hostname, port, protocol } = new URL(baseURL);
    const provider = PROVIDERS.find(([suffix]) => hostname.endsWith(suffix))?.[1] ?? 'openai';
    return { provider, address: hostname, port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
  } catch {
    return { provider: 'openai', address: '', port: 0 };
  }
}

/** Provider and address of a client by its `baseURL`, remembered per client. */
export function serverOf(client: unknown): Server {
  if (typeof client !== 'object' || client === null) return parse('');
  const value: unknown = (client as { baseURL?: unknown }).baseURL;
  const baseURL = typeof value === 'string' ? value : '';
  const entry = known.get(client);
  if (entry?.baseURL === baseURL) return entry.server;
  const server = parse(baseURL);
  known.set(client, { baseURL, server });
  return server;
}
