import type { Phase } from '../call/field-phase.js';
import { availableAt, FIELD_PHASE } from '../call/field-phase.js';
import type { ParamValue } from '../document/scoping-types.js';

/** Static types of guard CEL; `dyn` for values whose type the document does not fix. */
export type VariableType =
  | 'double'
  | 'string'
  | 'bool'
  | 'map<string, dyn>'
  | 'map<string, string>'
  | 'list<dyn>'
  | { [field: string]: 'double' | 'string' | 'bool' | 'list<string>' | 'list<double>' | 'map<string, dyn>' };

/** Variables that a condition may read, by name. */
export type Variables = Readonly<Record<string, VariableType>>;

/** Types of the top-level fields of a `ModelCall` as conditions see them. */
export const CALL_VARIABLES: Variables = {
  model: { name: 'string', version: 'string', kind: 'string', framework: 'string', provider: 'string' },
  service: 'string',
  environment: 'string',
  tenant: 'string',
  operation: 'string',
  startedAt: 'double',
  duration: 'double',
  timeToFirst: 'double',
  streamed: 'bool',
  error: { type: 'string' },
  usage: { inputTokens: 'double', outputTokens: 'double', totalTokens: 'double', cost: 'double' },
  features: 'map<string, dyn>',
  output: { label: 'string', score: 'double', values: 'map<string, dyn>' },
  toolCalls: 'list<dyn>',
  group: 'map<string, string>',
  truth: 'map<string, dyn>',
  featureView: { name: 'string', version: 'string' },
  attrs: 'map<string, dyn>',
  decision: { action: 'string', disposition: 'string', rerouteTo: 'string', probe: 'bool', directive: 'string' },
};

/** The variables of a call that exist at a point. */
export function callVariablesAt(phase: Phase): Variables {
  return Object.fromEntries(Object.entries(CALL_VARIABLES).filter(([name]) => availableAt(FIELD_PHASE[name]!, phase)));
}

/** The result of a text detector. */
export const DETECTOR_RESULT = {
  count: 'double',
  maxScore: 'double',
  entities: 'list<string>',
} as const satisfies VariableType;

/** The result of a check of values. */
export const VALUES_RESULT: VariableType = { ...DETECTOR_RESULT, fields: 'list<string>' };

/** `params` with the types of a document's own constants; nothing when it has none. */
export function paramVariables(params: Readonly<Record<string, ParamValue>> | undefined): Variables {
  if (params === undefined || Object.keys(params).length === 0) return {};
  return { params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeOf(value)])) };
}

function typeOf(value: ParamValue): 'double' | 'string' | 'bool' | 'list<string>' | 'list<double>' {
  if (Array.isArray(value)) return typeof value[0] === 'number' ? 'list<double>' : 'list<string>';
  return typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : 'string';
}
