import { scopeReader } from '../match/scope.js';
import type { CallValue, ModelCall } from './model-call.js';

const NUMBERS: Readonly<Record<string, (call: ModelCall) => CallValue>> = {
  duration: (call) => call.duration,
  timeToFirst: (call) => call.timeToFirst,
  'output.label': (call) => call.output.label,
  'output.score': (call) => call.output.score,
  'error.type': (call) => call.error.type,
  'usage.inputTokens': (call) => call.usage.inputTokens,
  'usage.outputTokens': (call) => call.usage.outputTokens,
  'usage.totalTokens': (call) => call.usage.totalTokens,
  'usage.cost': (call) => call.usage.cost,
};
const SCOPES = new Set(['service', 'environment', 'tenant', 'operation', 'model', 'model_version', 'feature_view']);
const MAPS: Readonly<Record<string, (call: ModelCall) => { [name: string]: CallValue }>> = {
  features: (call) => call.features,
  attrs: (call) => call.attrs,
  truth: (call) => call.truth,
  group: (call) => call.group,
  'output.values': (call) => call.output.values,
};

/** A function that reads one field of a call by its path (`features.age`, `output.label`, `service`); undefined when there is no such field. A missing value reads as null. */
export function fieldReader(path: string): ((call: ModelCall) => CallValue) | undefined {
  if (Object.hasOwn(NUMBERS, path)) return NUMBERS[path];
  if (SCOPES.has(path)) return scopeReader(path);
  for (const [root, mapOf] of Object.entries(MAPS)) {
    if (!path.startsWith(`${root}.`)) continue;
    const name = path.slice(root.length + 1);
    return name === '' ? undefined : (call) => mapOf(call)[name] ?? null;
  }
  return undefined;
}
