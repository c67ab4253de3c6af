import { basename, dirname, extname, resolve } from 'node:path';
import type { ModelIdentity } from '@guardspan/policy/runtime';
import { declarationOf } from '../onnx/declared-models.js';
import type { ModelDeclaration } from '../onnx/declared-models.js';

/** Path or URL that a model was loaded from, as far as it does not say so itself. */
const origins = new WeakMap<object, string>();

/** What a declaration by path may have been given under, by path or URL. */
const declaredAs = new Map<string, readonly string[]>();

/** One object for all calls of a model, so that whoever builds on it may remember what it built. */
const identities = new WeakMap<object, { declaration: ModelDeclaration | undefined; identity: ModelIdentity }>();

/** Remembers the path or URL that a model was loaded from. */
export function rememberOrigin(model: object, path: string): void {
  origins.set(model, path);
}

/** Path or URL of a model; empty when it was made or loaded from memory. */
function originOf(model: object): string {
  const { modelUrl } = model as { modelUrl?: unknown };
  return origins.get(model) ?? (typeof modelUrl === 'string' ? modelUrl : '');
}

/** The declaration of a model, or of the file or URL that it came from; undefined when there is none. */
export function declared(model: object): ModelDeclaration | undefined {
  const origin = originOf(model);
  if (origin === '') return declarationOf(model, '');
  let paths = declaredAs.get(origin);
  if (paths === undefined) {
    // Whether it is declared by a path or by the URL of that file, a model is the same.
    paths = [resolve(origin), resolve(origin.replace(/^file:\/\//, ''))];
    declaredAs.set(origin, paths);
  }
  for (const path of paths) {
    const declaration = declarationOf(model, path);
    if (declaration) return declaration;
  }
  return undefined;
}

/** `credit-risk` of `file://models/credit-risk/model.json`: every model that TensorFlow.js saves is called model.json. */
function nameOf(origin: string): string {
  const path = origin.replace(/[?#].*$/, '');
  const name = basename(path, extname(path));
  return name === 'model' ? basename(dirname(path)) : name;
}

/** What a model is: as declared, else by the file of a graph or by the name of a model of layers. */
export function identityOf(model: object, declaration: ModelDeclaration | undefined): ModelIdentity {
  const last = identities.get(model);
  if (last !== undefined && last.declaration === declaration) return last.identity;
  const { name } = model as { name?: unknown };
  const known = nameOf(originOf(model)) || (typeof name === 'string' ? name : '');
  const identity: ModelIdentity = {
    name: declaration?.name ?? (known || 'tfjs'),
    version: declaration?.version ?? '',
    kind: declaration?.kind ?? 'other',
    framework: 'tfjs',
    provider: '',
  };
  identities.set(model, { declaration, identity });
  return identity;
}

function namesIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((one: unknown, index) => {
    if (typeof one === 'string') return one;
    const { name } = (one ?? {}) as { name?: unknown };
    return typeof name === 'string' ? name : String(index);
  });
}

/** Names of a model's inputs, in their order: of layers, of a graph, or of a SavedModel. */
export function inputNames(model: object): string[] {
  const { inputNames: layers, inputNodes, inputs } = model as { [key: string]: unknown };
  return namesIn(layers) ?? namesIn(inputNodes) ?? namesIn(inputs) ?? [];
}

/** The same of outputs. `asked` is what a call names itself, if anything. */
export function outputNames(model: object, asked: unknown): string[] {
  if (typeof asked === 'string') return [asked];
  const { outputNames: layers, outputNodes, outputs } = model as { [key: string]: unknown };
  return namesIn(asked) ?? namesIn(layers) ?? namesIn(outputNodes) ?? namesIn(outputs) ?? [];
}
