import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchEndpoints } from '../stainless/patch-endpoints.js';
import { chatCompletions } from './chat-completions.js';
import { completions } from './completions.js';
import { embeddings } from './embeddings.js';
import { editImage, generateImage, varyImage, videos } from './images.js';
import { patchRemix } from './patch-remix.js';
import { betaResponses, compactResponses, responses } from './responses.js';
import { speech } from './speech.js';
import { transcriptions, translations } from './transcriptions.js';

/** Patches the exports of an `openai` module of any version by what it has. Returns null when there is nothing to guard in it. */
export function patchOpenAI(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as { OpenAI?: unknown; default?: unknown; APIPromise?: unknown };
  const texts = [chatCompletions, responses, compactResponses, ...betaResponses, completions, embeddings];
  const media = [generateImage, editImage, varyImage, ...videos, speech, transcriptions, translations];
  const endpoints = [...texts, ...media];
  const client = module.OpenAI ?? module.default;
  const patch = patchEndpoints(client, module.APIPromise, endpoints, version, host);
  const undoRemix = patch && patchRemix(client, module.APIPromise, host);
  if (!patch || !undoRemix) return patch;
  return {
    undo: () => {
      undoRemix();
      patch.undo();
    },
  };
}
