import type { ActionType, InlinePoint } from '@guardspan/policy/runtime';
import { GuardrailDeniedError } from '../../actions/errors.js';
import { handOut } from '../../actions/hand-out.js';
import { routeOf } from '../../actions/route.js';
import type { CallAnswer, Capture, GuardedCall, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import type { PatchHost } from '../../loader/patch.js';
import type { ModelDeclaration } from '../onnx/declared-models.js';
import { featuresOf, knownAnswer } from '../onnx/described-run.js';
import { disposeRefused, tensorsByName, viewsOf } from './model-tensors.js';
import { declared, identityOf, inputNames, outputNames } from './tf-models.js';

/** What a model in process can be told to do: its answer is refused or handed out, and never changed. */
export const CAN: Record<InlinePoint, readonly ActionType[]> = {
  request: ['deny', 'shutdown', 'throttle', 'reroute', 'annotate'],
  // An answer that is not streamed is one chunk.
  chunk: ['deny', 'shutdown', 'annotate'],
  response: ['deny', 'shutdown', 'annotate'],
};

/** A method of a model of TensorFlow.js that answers a question. */
export type Predict = (this: object, input: unknown, ...rest: unknown[]) => unknown;

/** How one method of a class of models answers. */
export interface PredictMethod {
  name: string;
  /** It returns a promise. The others cannot wait, and throw what these reject with. */
  asynchronous: boolean;
  /** Position, after the input, of the names of outputs that a call asks for. */
  outputsAt?: number;
}

function begin(
  model: object,
  input: unknown,
  runtime: GuardRuntime,
  declaration: ModelDeclaration | undefined,
  awaits: boolean,
): GuardedCall {
  const identity = identityOf(model, declaration);
  const start = {
    client: 'tfjs',
    model: identity,
    operation: 'predict',
    streamed: false,
    can: CAN,
    awaits,
    remote: false,
  };
  const { features } = runtime.capture(identity.name);
  if (features === 'none') return runtime.begin(start);
  try {
    const tensors = tensorsByName(input, inputNames(model));
    const read = typeof declaration?.features === 'function' ? tensors : viewsOf(tensors);
    return runtime.begin({ ...start, features: featuresOf(read, declaration, features) });
  } catch {
    // The application's own function failed on this input, or a tensor cannot be read; the call goes on with unknown features.
    return runtime.begin({ ...start, features: {} });
  }
}

function answerOf(
  answer: unknown,
  names: readonly string[],
  declaration: ModelDeclaration | undefined,
  wanted: Capture['outputs'],
): CallAnswer {
  try {
    const tensors = tensorsByName(answer, names);
    const output = declaration?.output;
    const described = output && declaration ? { ...declaration, output: () => output(tensors) } : declaration;
    return { output: knownAnswer(viewsOf(tensors), described, wanted) };
  } catch {
    return {};
  }
}

function isModel(value: unknown, method: string): value is object {
  return (
    typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function'
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Who answers a call: the model that was asked, or a target. */
interface Answering {
  call: () => unknown;
  model: object;
  declaration: ModelDeclaration | undefined;
}

/** A method of a model that decides, asks the model or a target, watches the answer, and stays synchronous or not. */
export function guardedPredict(original: Predict, method: PredictMethod, host: PatchHost): Predict {
  const { name, asynchronous, outputsAt } = method;
  const usable = (target: TargetDefinition): boolean => target.run !== undefined || isModel(target.client, name);

  return function predict(this: object, input, ...rest) {
    const runtime = host.runtime();
    if (runtime.inside()) return original.call(this, input, ...rest);
    const declaration = declared(this);
    const guarded = begin(this, input, runtime, declaration, asynchronous);

    const answeredBy = (target: TargetDefinition | undefined): Answering => {
      if (target === undefined) return { call: () => original.call(this, input, ...rest), model: this, declaration };
      const { client } = target;
      if (!isModel(client, name)) {
        guarded.rerouted(target.name);
        const run = target.run as unknown as (...args: unknown[]) => unknown;
        return { call: () => run(input, ...rest), model: this, declaration };
      }
      const answering = declared(client);
      guarded.rerouted(target.name, identityOf(client, answering));
      // Its own method and not this one: a target may be of another class.
      const ask = (client as Record<string, Predict>)[name]!;
      return { call: () => ask.call(client, input, ...rest), model: client, declaration: answering };
    };

    const proceed = (): unknown => {
      const route = routeOf(guarded.decision, runtime, usable);
      if (route.kind === 'refuse') {
        guarded.failed(route.error);
        throw route.error;
      }
      const answering = answeredBy(route.kind === 'target' ? route.target : undefined);
      const failed = (error: unknown): never => {
        guarded.failed(error);
        throw error;
      };
      const refused = (error: unknown, answer: unknown): never => {
        if (error instanceof GuardrailDeniedError) disposeRefused(answer, input, answering.model);
        throw error;
      };
      const answered = (answer: unknown): unknown => {
        const names = outputNames(answering.model, outputsAt === undefined ? undefined : rest[outputsAt]);
        const known = (): CallAnswer => {
          const { outputs } = runtime.capture(identityOf(answering.model, answering.declaration).name);
          return answerOf(answer, names, answering.declaration, outputs);
        };
        try {
          const out = handOut(guarded, answer, known);
          return isThenable(out) ? out.then(undefined, (error: unknown) => refused(error, answer)) : out;
        } catch (error) {
          return refused(error, answer);
        }
      };
      let answer: unknown;
      try {
        answer = guarded.run(answering.call);
      } catch (error) {
        return failed(error);
      }
      return isThenable(answer) ? answer.then(answered, failed) : answered(answer);
    };

    if (guarded.before) return guarded.before.then(proceed);
    if (!asynchronous) return proceed();
    // A method that returns promises rejects.
    try {
      return Promise.resolve(proceed());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
}
