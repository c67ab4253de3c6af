import { resolve } from 'node:path';
import type { CallValue, ModelKind } from '@guardspan/policy/runtime';
import { sharedState } from '../../guard/shared-state.js';

/** What an answer of a model means, as far as guard-rails may read it. */
export interface ModelAnswer {
  label?: string;
  score?: number;
  values?: { [key: string]: CallValue };
}

/** What the application says about an in-process model whose file tells too little. */
export interface ModelDeclaration {
  name: string;
  /** Default: the first 12 hexadecimal digits of the model file's sha256. */
  version?: string;
  /** Default `other`. */
  kind?: ModelKind;
  /**
   * Names of the columns of the (only) input tensor, or a function from the feeds of a run to named features. Default: the inputs
   * by their own names. Called only when a guard-rail or the local `capture` asks for features.
   */
  features?: readonly string[] | ((feeds: Readonly<Record<string, unknown>>) => { [name: string]: CallValue });
  /** From the results of a run to label, score and values. Default: outputs called `label`, `output_label`, `score`. */
  output?: (results: Readonly<Record<string, unknown>>) => ModelAnswer;
}

interface Declared {
  byPath: Map<string, ModelDeclaration>;
  bySession: WeakMap<object, ModelDeclaration>;
}

const declared = sharedState<Declared>('declared-models.v1', () => ({ byPath: new Map(), bySession: new WeakMap() }));

/**
 * Names an ONNX model by its file (before or after the session is created) or by its session, for models that come from memory; a model of TensorFlow.js by
 * the model, or by the file or URL of its graph.
 * A later declaration of the same file, session or model replaces the earlier one.
 */
export function declareModel(model: string | object, declaration: ModelDeclaration): void {
  if (typeof model === 'string') declared.byPath.set(resolve(model), declaration);
  else declared.bySession.set(model, declaration);
}

/** The declaration of a session or of the file that it came from; undefined when there is none. */
export function declarationOf(session: object, path: string): ModelDeclaration | undefined {
  const { bySession, byPath } = declared;
  return bySession.get(session) ?? (path === '' ? undefined : byPath.get(path));
}
