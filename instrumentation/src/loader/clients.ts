import { diag } from '@opentelemetry/api';
import { sharedState } from '../guard/shared-state.js';
import { patchAnthropic } from '../models/anthropic/patch-anthropic.js';
import { patchBedrock } from '../models/bedrock/patch-bedrock.js';
import { patchCohere } from '../models/cohere/patch-cohere.js';
import { patchGoogle } from '../models/google/patch-google.js';
import { patchUndici } from '../models/http/patch-undici.js';
import { patchMistral } from '../models/mistral/patch-mistral.js';
import { patchOllama } from '../models/ollama/patch-ollama.js';
import { patchOnnxruntime } from '../models/onnx/patch-onnxruntime.js';
import { patchOpenAI } from '../models/openai/patch-openai.js';
import { patchTfjs } from '../models/tfjs/patch-tfjs.js';
import type { Patch, PatchHost } from './patch.js';

/** How each client module is patched, by the name under which applications load it. */
const CLIENTS = {
  openai: patchOpenAI,
  '@anthropic-ai/sdk': patchAnthropic,
  '@aws-sdk/client-bedrock-runtime': patchBedrock,
  '@google/genai': patchGoogle,
  'cohere-ai': patchCohere,
  '@mistralai/mistralai': patchMistral,
  ollama: patchOllama,
  'onnxruntime-node': patchOnnxruntime,
  // They hand out the same classes of models: whichever loads first is patched, and the others find it so.
  '@tensorflow/tfjs': patchTfjs,
  '@tensorflow/tfjs-node': patchTfjs,
  '@tensorflow/tfjs-node-gpu': patchTfjs,
  '@tensorflow/tfjs-layers': patchTfjs,
  '@tensorflow/tfjs-converter': patchTfjs,
  undici: patchUndici,
} satisfies Record<string, (exports: unknown, version: string, host: PatchHost) => Patch | null>;

/** Name of a client module that can be patched. */
export type ClientModule = keyof typeof CLIENTS;

function isClient(module: string): module is ClientModule {
  return Object.hasOwn(CLIENTS, module);
}

/** Modules that the loader hooks watch. */
export const CLIENT_MODULES: readonly string[] = Object.keys(CLIENTS);

/** A client module that this process loaded. */
export interface LoadedClient {
  module: string;
  /** Empty when unknown. */
  version: string;
  /** False: the module loaded, but has nothing that we know how to guard. */
  patched: boolean;
}

const loaded = sharedState<Map<string, LoadedClient>>('loaded-clients.v1', () => new Map());

/** Client modules that were loaded so far, also those that could not be patched. */
export function loadedClients(): LoadedClient[] {
  return [...loaded.values()];
}

/**
 * Patches a client module by its name. A known module in which nothing can be patched is warned about once, through `diag`. Never throws.
 * Returns null when nothing was patched.
 */
export function patchClient(module: string, exports: unknown, version: string, host: PatchHost): Patch | null {
  let patch: Patch | null = null;
  let reason = 'it has none of the methods that Guardspan guards';
  try {
    if (isClient(module)) patch = CLIENTS[module](exports, version, host);
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  const key = `${module}@${version}`;
  if (patch === null && !loaded.has(key)) diag.warn(`Guardspan: ${key} is loaded but not guarded: ${reason}`);
  if (patch !== null || !loaded.has(key)) loaded.set(key, { module, version, patched: patch !== null });
  return patch;
}
