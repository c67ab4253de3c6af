import { BEDROCK_CLIENTS } from './bedrock.js';
import { cohere } from './cohere.js';
import type { MethodClient } from './fixture.js';
import { google } from './google.js';
import { googleInteractions } from './google-interactions.js';
import { mistral } from './mistral.js';
import { mistralConversations } from './mistral-conversations.js';
import { ollama } from './ollama.js';

/** Every client whose methods return ordinary promises. */
export const METHOD_CLIENTS: readonly MethodClient[] = [
  google,
  googleInteractions,
  mistral,
  mistralConversations,
  ollama,
  cohere,
  ...BEDROCK_CLIENTS,
];
