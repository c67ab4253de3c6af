import { MAX_ELEMENTS } from '../onnx/tensor-values.js';

/** What the adapter uses of a tensor of TensorFlow.js. */
export interface TfTensor {
  readonly size: number;
  readonly kept?: boolean;
  readonly isDisposed?: boolean;
  dataSync(): ArrayLike<unknown>;
  dispose(): void;
}

/** True for a tensor, and for nothing else that models take or return. */
export function isTensor(value: unknown): value is TfTensor {
  if (typeof value !== 'object' || value === null) return false;
  const { size, dataSync, dispose } = value as Partial<TfTensor>;
  return typeof size === 'number' && typeof dataSync === 'function' && typeof dispose === 'function';
}

/**
 * Tensors by name of what a model takes or returns: one tensor, a list in the order of `names`, or a map. What has no name in `names` is called by its
 * position.
 */
export function tensorsByName(value: unknown, names: readonly string[]): Record<string, unknown> {
  const list = isTensor(value) ? [value] : value;
  if (Array.isArray(list))
    return Object.fromEntries(list.map((tensor: unknown, index) => [names[index] ?? String(index), tensor]));
  return typeof list === 'object' && list !== null ? { ...list } : {};
}

/** What the helpers for tensors of ONNX read. */
interface View {
  size: number;
  readonly data: ArrayLike<unknown>;
}

function viewOf(tensor: unknown): View | undefined {
  // Reading a large tensor copies it, and waits for the device that holds it.
  if (!isTensor(tensor) || tensor.size > MAX_ELEMENTS) return undefined;
  return {
    size: tensor.size,
    get data() {
      return tensor.dataSync();
    },
  };
}

/** The same tensors as the helpers for ONNX read them; no element is read before it is asked for, and none of a large tensor. */
export function viewsOf(tensors: Readonly<Record<string, unknown>>): Record<string, View | undefined> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, viewOf(tensor)]));
}

function listed(value: unknown): unknown[] {
  if (isTensor(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listed) : [];
}

/**
 * Disposes the tensors of an answer that was refused: the application never gets them, so nobody else can. What belongs to somebody else stays: tensors that
 * the application passed in, that are kept, and weights of the model.
 */
export function disposeRefused(answer: unknown, input: unknown, model: object): void {
  const others = new Set([...listed(input), ...listed(weightsOf(model))]);
  for (const tensor of listed(answer) as TfTensor[])
    if (!others.has(tensor) && tensor.kept !== true && tensor.isDisposed !== true) tensor.dispose();
}

/** Weights of a graph by name. Those of layers are variables, which are never an answer themselves. */
function weightsOf(model: object): unknown {
  const { weights } = model as { weights?: unknown };
  return Array.isArray(weights) ? undefined : weights;
}
