import { interactions } from '../google/interactions.js';
import { chatCompletions } from '../openai/chat-completions.js';
import { completions } from '../openai/completions.js';
import { embeddings } from '../openai/embeddings.js';
import { editImage, generateImage, varyImage } from '../openai/images.js';
import { compactResponses, responses } from '../openai/responses.js';
import { speech } from '../openai/speech.js';
import { transcriptions, translations } from '../openai/transcriptions.js';
import type { Endpoint } from '../stainless/endpoint.js';
import { textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { conversationEndpoint } from './conversation-endpoint.js';

/** A request of the API of a provider of language models, images or sound, told by its path. */
export interface LanguageApi {
  path: RegExp;
  /** `guardspan.model.framework`. */
  framework: string;
  endpoint: Endpoint;
  /** False for a body that asks no model at this path. Absent: each asks one. */
  asks?: (body: Json) => boolean;
  /** The model, empty when the request does not say it. */
  modelOf: (body: Json) => string;
  /** The request goes on with something that has its model already, so it names none. */
  addressed: boolean;
}

const model = (body: Json): string => textOf(body['model']);

function openai(path: RegExp, endpoint: Endpoint): LanguageApi {
  return { path, framework: 'openai_http', endpoint, modelOf: model, addressed: false };
}

/** Mistral's conversations; OpenAI's of the same paths only keep what was said, and have no inputs. */
function conversation(path: RegExp, addressed: boolean): LanguageApi {
  return {
    path,
    framework: 'mistral_http',
    endpoint: conversationEndpoint,
    asks: (body) => body['inputs'] !== undefined,
    modelOf: (body) => model(body) || textOf(body['agent_id']),
    addressed,
  };
}

const { operation, requestTexts, answer, afterRedaction, collector, rewriter } = interactions;

/** In the order in which they are looked for. */
export const LANGUAGE_APIS: readonly LanguageApi[] = [
  openai(/\/chat\/completions$/, chatCompletions),
  // Of Mistral's agents: the agent in the place of the model.
  { ...openai(/\/agents\/completions$/, chatCompletions), modelOf: (body) => model(body) || textOf(body['agent_id']) },
  openai(/\/completions$/, completions),
  openai(/\/responses$/, responses),
  openai(/\/responses\/compact$/, compactResponses),
  openai(/\/embeddings$/, embeddings),
  openai(/\/images\/generations$/, generateImage),
  openai(/\/images\/edits$/, editImage),
  openai(/\/images\/variations$/, varyImage),
  openai(/\/audio\/speech$/, speech),
  openai(/\/audio\/transcriptions$/, transcriptions),
  openai(/\/audio\/translations$/, translations),
  {
    path: /\/interactions$/,
    framework: 'google_http',
    endpoint: {
      ...{ family: { client: 'google-genai', provider: '' }, path: ['interactions'], operation, kind: 'llm' },
      ...{ requestTexts, answer, ...(afterRedaction ? { afterRedaction } : {}) },
      ...{ collector: collector!, rewriter: rewriter! },
    },
    modelOf: (body) => (model(body) || textOf(body['agent'])).replace(/^.*models\//, ''),
    addressed: false,
  },
  conversation(/\/conversations$/, false),
  conversation(/\/conversations\/[^/]+(?:\/restart)?$/, true),
];
