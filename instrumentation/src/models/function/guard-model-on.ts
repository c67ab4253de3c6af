import type {
  ActionType,
  CallValue,
  InlinePoint,
  ModelIdentity,
  ModelKind,
  TextPart,
  Usage,
} from '@guardspan/policy/runtime';
import { handOut } from '../../actions/hand-out.js';
import { routeOf } from '../../actions/route.js';
import type { CallAnswer, CallStart, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import type { PatchHost } from '../../loader/patch.js';
import type { ModelAnswer } from '../onnx/declared-models.js';
import { pick } from '../onnx/tensor-values.js';

const CAN: Record<InlinePoint, readonly ActionType[]> = {
  request: ['deny', 'shutdown', 'throttle', 'reroute', 'annotate'],
  // An answer that is not streamed is one chunk.
  chunk: ['deny', 'shutdown', 'annotate'],
  response: ['deny', 'shutdown', 'annotate'],
};

/** What `guardModel` must know of a function that it cannot see by itself. */
export interface GuardModelOptions<A extends unknown[], R> {
  /** Name by which guard-rails match the model. */
  name: string;
  version?: string;
  /** Default `other`. */
  kind?: ModelKind;
  /** Default `predict`. */
  operation?: string;
  /** True when the function asks a model outside of this process (its span is then of kind CLIENT). Default false. */
  remote?: boolean;
  /**
   * True when the function returns a promise, so that a refused call rejects and does not throw. Default: known for `async` functions, learned from
   * the first answer of others.
   */
  async?: boolean;
  /** Named features of a call. Called only when a guard-rail or the local `capture` asks for features. */
  features?: (...args: A) => { [name: string]: CallValue };
  /** Text of a request, for detectors. Called only when a guard-rail needs it. It can be refused, not rewritten. */
  prompt?: (...args: A) => string;
  /** Text of an answer, for detectors. */
  answer?: (result: Awaited<R>) => string;
  /** Label, score and values of an answer. */
  output?: (result: Awaited<R>, ...args: A) => ModelAnswer;
  /** Tokens and cost of an answer. */
  usage?: (result: Awaited<R>) => Partial<Usage>;
  /** Reroute and fallback targets of this model by name; each is called with the same arguments. */
  targets?: { readonly [name: string]: (...args: A) => R };
}

function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    // The application's description of its own model failed on this call; the call goes on and its record says less.
    return undefined;
  }
}

/** The application's description of a text is no reason to pass the text over: what it throws becomes a failed detector. */
function textParts(path: string, role: string, read: () => string): TextPart[] {
  return [{ path, role, text: read() }];
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** `guardModel` on a given host: a function that decides, calls `fn` or a target, watches the answer, and keeps `fn` synchronous or not. */
export function guardModelOn<A extends unknown[], R>(
  host: PatchHost,
  fn: (...args: A) => R,
  options: GuardModelOptions<A, R>,
): (...args: A) => R {
  const model: ModelIdentity = {
    name: options.name,
    version: options.version ?? '',
    kind: options.kind ?? 'other',
    framework: 'function',
    provider: '',
  };
  const targets = new Map<string, TargetDefinition>(
    Object.entries(options.targets ?? {}).map(([name, run]) => [
      name,
      { name, run: run as (...args: never[]) => unknown },
    ]),
  );
  let rejects = options.async ?? fn.constructor.name === 'AsyncFunction';
  host.declare({
    client: 'function',
    version: '',
    model: model.name,
    modelVersion: model.version,
    capabilities: [
      { at: 'request', actions: [...CAN.request], streamed: false },
      { at: 'chunk', actions: [...CAN.chunk], streamed: false },
      { at: 'response', actions: [...CAN.response], streamed: false },
    ],
    targets: [...targets.keys()],
  });

  function startOf(runtime: GuardRuntime, args: A): CallStart {
    const start: CallStart = {
      client: 'function',
      model,
      operation: options.operation ?? 'predict',
      streamed: false,
      can: CAN,
      // A synchronous function cannot wait for a check outside of the process.
      awaits: rejects,
      remote: options.remote ?? false,
    };
    const { prompt } = options;
    if (prompt) start.texts = () => textParts('prompt', 'user', () => prompt(...args));
    const wanted = options.features ? runtime.capture(model.name).features : 'none';
    if (wanted === 'none') return start;
    return { ...start, features: pick(attempt(() => options.features!(...args)) ?? {}, wanted) };
  }

  function answerOf(runtime: GuardRuntime, result: unknown, args: A): CallAnswer {
    const answer: CallAnswer = {};
    const { output, usage, answer: text } = options;
    if (output) {
      const known = attempt(() => output(result as Awaited<R>, ...args));
      const { outputs } = runtime.capture(model.name);
      if (known)
        answer.output = known.values
          ? { ...known, values: outputs === 'none' ? {} : pick(known.values, outputs) }
          : known;
    }
    if (usage) answer.usage = attempt(() => usage(result as Awaited<R>)) ?? {};
    if (text) answer.texts = () => textParts('answer', 'assistant', () => text(result as Awaited<R>));
    return answer;
  }

  const guardedModel = function (this: unknown, ...args: A): R {
    const runtime = host.runtime();
    if (runtime.inside()) return fn.apply(this as never, args);
    const guarded = runtime.begin(startOf(runtime, args));
    const proceed = (): R => {
      const route = routeOf(
        guarded.decision,
        runtime,
        (target) => target.run !== undefined,
        (name) => targets.get(name),
      );
      if (route.kind === 'refuse') {
        guarded.failed(route.error);
        if (rejects) return Promise.reject(route.error) as R;
        throw route.error;
      }
      let called: (...args: A) => R = fn;
      if (route.kind === 'target') {
        called = route.target.run as unknown as (...args: A) => R;
        guarded.rerouted(route.target.name);
      }
      let result: R;
      try {
        result = guarded.run(() => called.apply(this as never, args));
      } catch (error) {
        guarded.failed(error);
        throw error;
      }
      if (!isThenable(result)) return handOut(guarded, result, () => answerOf(runtime, result, args)) as R;
      rejects = true;
      return result.then(
        (value) => handOut(guarded, value, () => answerOf(runtime, value, args)),
        (error: unknown) => {
          guarded.failed(error);
          throw error;
        },
      ) as R;
    };
    return guarded.before ? (guarded.before.then(proceed) as R) : proceed();
  };
  Object.defineProperty(guardedModel, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(guardedModel, 'length', { value: fn.length, configurable: true });
  return guardedModel;
}
