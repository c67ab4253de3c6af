import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethod } from '../../loader/patch-method.js';
import { CAN, guardedPredict } from './guarded-predict.js';
import type { Predict, PredictMethod } from './guarded-predict.js';
import { rememberOrigin } from './tf-models.js';

const PREDICT: PredictMethod = { name: 'predict', asynchronous: false };
const EXECUTE: PredictMethod = { name: 'execute', asynchronous: false, outputsAt: 0 };

const LAYERS: readonly PredictMethod[] = [PREDICT, { name: 'predictOnBatch', asynchronous: false }, EXECUTE];

const GRAPH: readonly PredictMethod[] = [
  PREDICT,
  EXECUTE,
  { name: 'predictAsync', asynchronous: true },
  { name: 'executeAsync', asynchronous: true, outputsAt: 0 },
];

/** Classes of models by the name under which the packages of TensorFlow.js export them, and their methods that answer. */
const CLASSES: { readonly [name: string]: readonly PredictMethod[] } = {
  LayersModel: LAYERS,
  // It has these methods of its own, which ask a model of layers inside of it.
  Sequential: LAYERS,
  GraphModel: GRAPH,
};

/** Guards the methods of a class by its prototype. Undefined when it has none of them; a method that is guarded already counts. */
function guardClass(
  prototype: unknown,
  methods: readonly PredictMethod[],
  host: PatchHost,
): (() => void)[] | undefined {
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  const there = methods.filter(
    ({ name }) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function',
  );
  if (there.length === 0) return undefined;
  return there.flatMap((method) => {
    const undo = patchMethod(prototype, method.name, (original: Predict) => guardedPredict(original, method, host));
    return undo ?? [];
  });
}

type Load = (this: unknown, path: unknown, ...rest: unknown[]) => Promise<object>;

/** The class of SavedModels, which only `@tensorflow/tfjs-node` has, is exported nowhere: the first one that is loaded shows it. */
function guardSavedModels(module: { [name: string]: unknown }, host: PatchHost, undo: (() => void)[]): void {
  const { node } = module;
  if (typeof node !== 'object' || node === null) return;
  const restore = patchMethod(node, 'loadSavedModel', (original: Load): Load => {
    return async function loadSavedModel(this: unknown, path, ...rest) {
      const model = await original.call(this, path, ...rest);
      if (typeof path === 'string') rememberOrigin(model, path);
      undo.push(...(guardClass(Object.getPrototypeOf(model), [PREDICT], host) ?? []));
      return model;
    };
  });
  if (restore) undo.push(restore);
}

/**
 * Patches the models of TensorFlow.js: of `@tensorflow/tfjs`, of its packages `-layers` and `-converter`, and of `@tensorflow/tfjs-node`, which hands out the same
 * classes. Returns null when the module has none of them.
 */
export function patchTfjs(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as { [name: string]: unknown };
  const inner = module['default'] as { [name: string]: unknown } | undefined;
  const undo: (() => void)[] = [];
  let found = false;
  for (const [name, methods] of Object.entries(CLASSES)) {
    const Model = module[name] ?? inner?.[name];
    const restore = typeof Model === 'function' ? guardClass(Model.prototype, methods, host) : undefined;
    if (restore === undefined) continue;
    found = true;
    undo.push(...restore);
  }
  if (!found) return null;
  if (undo.length > 0) {
    host.declare({
      client: 'tfjs',
      version,
      model: '*',
      modelVersion: '',
      capabilities: [
        { at: 'request', actions: [...CAN.request], streamed: false },
        { at: 'chunk', actions: [...CAN.chunk], streamed: false },
        { at: 'response', actions: [...CAN.response], streamed: false },
      ],
    });
  }
  guardSavedModels('node' in module ? module : (inner ?? module), host, undo);
  return { undo: () => undo.splice(0).forEach((restore) => restore()) };
}
