import { anthropic } from './anthropic.js';
import { bedrock } from './bedrock.js';
import { cohere } from './cohere.js';
import type { ClientDescription } from './description.js';
import { google } from './google.js';
import { http } from './http.js';
import { langchain } from './langchain.js';
import { mistral } from './mistral.js';
import { nodeHttpClient } from './node-http.js';
import { ollama } from './ollama.js';
import { openai } from './openai.js';
import { undici } from './undici.js';
import { vercel } from './vercel.js';

/** Every client of the conformance suite. */
export const CLIENTS: readonly ClientDescription[] = [
  openai,
  anthropic,
  google,
  mistral,
  ollama,
  cohere,
  bedrock,
  http,
  nodeHttpClient,
  undici,
  langchain,
  vercel,
];

/** The description of that name. Throws when there is none. */
export function clientNamed(name: string): ClientDescription {
  const found = CLIENTS.find((client) => client.name === name);
  if (found === undefined)
    throw new Error(`there is no client "${name}"; known: ${CLIENTS.map((each) => each.name).join(', ')}`);
  return found;
}
