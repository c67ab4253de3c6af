import type { CallValue, ModelIdentity, TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer, Capture } from '../../guard/types.js';
import { pick } from '../onnx/tensor-values.js';
import type { Endpoint } from '../stainless/endpoint.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import type { HttpModels } from './declared-servers.js';
import { LANGUAGE_APIS } from './language-apis.js';
import type { LanguageApi } from './language-apis.js';
import { tritonGenerate } from './triton-generate.js';

/** Values of one input or output that are captured at most; longer ones are tensors, not features. */
const MAX_VALUES = 64;

/** One kind of request of one kind of server: how it is read. */
export interface ServerRequest {
  model: ModelIdentity;
  operation: string;
  /** The endpoint that it is, of the API of a provider or of Triton's; null for servers of classical models. */
  endpoint: Endpoint | null;
  /** The name of the model is part of the address, which no target can change. */
  addressed: boolean;
  streamed: boolean;
  texts(): TextPart[];
  features(wanted: Capture['features']): { [name: string]: CallValue };
  answer(body: Json, wanted: Capture['outputs']): CallAnswer;
}

/** Language models of Triton. */
const GENERATE = /\/v2\/models\/(?<name>[^/]+)(?:\/versions\/(?<version>[^/]+))?\/generate(?<stream>_stream)?$/;

/** Paths of servers of classical models, and what reads them. */
const CLASSICAL: readonly { path: RegExp; framework: string; inputs(body: Json): Json; outputs(body: Json): Json }[] = [
  {
    path: /\/v2\/models\/(?<name>[^/]+)(?:\/versions\/(?<version>[^/]+))?\/infer$/,
    framework: 'kserve_v2',
    inputs: (body) => tensors(body['inputs']),
    outputs: (body) => tensors(body['outputs']),
  },
  {
    path: /\/v1\/models\/(?<name>[^/:]+)(?:\/(?:versions|labels)\/(?<version>[^/:]+))?:(?:predict|classify|regress)$/,
    framework: 'tf_serving',
    inputs: (body) => row(body['instances'] ?? body['inputs'] ?? body['examples']),
    outputs: (body) => row(body['predictions'] ?? body['outputs'] ?? body['results']),
  },
  {
    path: /\/predictions\/(?<name>[^/]+)(?:\/(?<version>[^/]+))?$/,
    framework: 'torchserve',
    inputs: (body) => row(body),
    outputs: (body) => row(body),
  },
  {
    path: /\/invocations$/,
    framework: 'mlflow',
    inputs: (body) =>
      row(frame(body['dataframe_split']) ?? body['dataframe_records'] ?? body['instances'] ?? body['inputs']),
    outputs: (body) => row(body['predictions']),
  },
];

/** True when a request to this path asks a model. */
export function asksModel(path: string): boolean {
  return (
    LANGUAGE_APIS.some((api) => api.path.test(path)) ||
    GENERATE.test(path) ||
    CLASSICAL.some((format) => format.path.test(path))
  );
}

/** True when a request to this path asks a model or not, as its body says. */
export function onlyBodyTells(path: string): boolean {
  return LANGUAGE_APIS.find((api) => api.path.test(path))?.asks !== undefined;
}

/** Reads a request to a declared server; undefined when its path asks no model. */
export function serverRequest(declared: HttpModels, address: URL, body: Json): ServerRequest | undefined {
  const api = LANGUAGE_APIS.find(({ path }) => path.test(address.pathname));
  if (api) return api.asks?.(body) === false ? undefined : languageRequest(declared, api, body);
  const generate = GENERATE.exec(address.pathname)?.groups;
  if (generate) return generateRequest(declared, generate, body);
  for (const format of CLASSICAL) {
    const found = format.path.exec(address.pathname);
    if (!found) continue;
    const { name = '', version = '' } = found.groups ?? {};
    return {
      model: {
        name: declared.name ?? (name === '' ? address.host : decodeURIComponent(name)),
        version: declared.version ?? decodeURIComponent(version),
        kind: declared.kind ?? 'other',
        framework: format.framework,
        provider: '',
      },
      operation: 'predict',
      endpoint: null,
      addressed: true,
      streamed: false,
      texts: () => [],
      features: (wanted) => pick(values(format.inputs(body)), wanted),
      answer: (answer, wanted) => classicalAnswer(values(format.outputs(answer)), wanted),
    };
  }
  return undefined;
}

function languageRequest(declared: HttpModels, api: LanguageApi, body: Json): ServerRequest {
  const { endpoint, framework, addressed } = api;
  const model = api.modelOf(body) || (declared.name ?? 'default');
  return {
    model: {
      name: model,
      version: declared.version ?? '',
      kind: endpoint.kind,
      framework,
      provider: '',
    },
    operation: endpoint.operation,
    endpoint,
    addressed,
    streamed: body['stream'] === true && endpoint.collector !== null,
    texts: () => endpoint.requestTexts(body),
    features: () => ({}),
    answer: (answer) => endpoint.answer(answer),
  };
}

function generateRequest(
  declared: HttpModels,
  named: { [group: string]: string | undefined },
  body: Json,
): ServerRequest {
  const { name = '', version = '', stream } = named;
  const { kind, operation, requestTexts, answer } = tritonGenerate;
  return {
    model: {
      name: declared.name ?? decodeURIComponent(name),
      version: declared.version ?? decodeURIComponent(version),
      kind: declared.kind ?? kind,
      framework: tritonGenerate.family.client,
      provider: '',
    },
    operation,
    endpoint: tritonGenerate,
    addressed: true,
    streamed: stream !== undefined,
    texts: () => requestTexts(body),
    features: () => ({}),
    answer,
  };
}

function classicalAnswer(outputs: { [name: string]: CallValue }, wanted: Capture['outputs']): CallAnswer {
  const { label, score } = outputs;
  return {
    output: {
      ...(typeof label === 'string' || typeof label === 'number' ? { label: String(label) } : {}),
      ...(typeof score === 'number' ? { score } : {}),
      values: wanted === 'none' ? {} : pick(outputs, wanted),
    },
  };
}

/** Tensors by name: `[{name, data}]`. */
function tensors(value: unknown): Json {
  return Object.fromEntries(listOf(value).map((item) => [textOf(objectOf(item)?.['name']), objectOf(item)?.['data']]));
}

/** The fields of the only row of a batch; a list without names is one value. A batch of several rows has no one value for each field. */
function row(value: unknown): Json {
  const only: unknown = Array.isArray(value) ? (value.length === 1 ? (value as unknown[])[0] : undefined) : value;
  if (only === undefined) return {};
  return objectOf(only) ?? { value: only };
}

function frame(value: unknown): unknown {
  const split = objectOf(value);
  const [only, more] = listOf(split?.['data']);
  if (!split || more !== undefined) return undefined;
  return [Object.fromEntries(listOf(split['columns']).map((name, index) => [textOf(name), listOf(only)[index]]))];
}

function values(fields: Json): { [name: string]: CallValue } {
  const known: { [name: string]: CallValue } = {};
  for (const [name, value] of Object.entries(fields)) {
    const list = Array.isArray(value) ? (value.flat(4) as unknown[]) : [value];
    if (list.length === 0 || list.length > MAX_VALUES || !list.every(isPlain)) continue;
    known[name] = list.length === 1 ? list[0]! : list;
  }
  return known;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
