import { basename, extname, resolve } from 'node:path';
import type { ActionType, CallValue, InlinePoint, ModelIdentity } from '@guardspan/policy/runtime';
import { handOut } from '../../actions/hand-out.js';
import { routeOf } from '../../actions/route.js';
import type { GuardedCall, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethod } from '../../loader/patch-method.js';
import { declarationOf } from './declared-models.js';
import type { ModelDeclaration } from './declared-models.js';
import { featuresOf, knownAnswer } from './described-run.js';
import { modelDigest } from './model-digest.js';

const CAN: Record<InlinePoint, readonly ActionType[]> = {
  request: ['deny', 'shutdown', 'throttle', 'reroute', 'annotate'],
  // An answer that is not streamed is one chunk.
  chunk: ['deny', 'shutdown', 'annotate'],
  response: ['deny', 'shutdown', 'annotate'],
};

type Tensors = Readonly<Record<string, unknown>>;
type Run = (this: object, feeds: Tensors, ...rest: unknown[]) => Promise<Tensors>;
type Create = (this: unknown, source: unknown, ...rest: unknown[]) => Promise<object>;

/** Where a session came from. */
interface Origin {
  path: string;
  digest: string;
}
const origins = new WeakMap<object, Origin>();

/** What a session is, and the declaration by which it was known. One object for all its calls, so that whoever builds on it may remember what it built. */
const identities = new WeakMap<object, { declaration: ModelDeclaration | undefined; identity: ModelIdentity }>();

function identityOf(session: object, declaration: ModelDeclaration | undefined): ModelIdentity {
  const last = identities.get(session);
  if (last !== undefined && last.declaration === declaration) return last.identity;
  const { path, digest } = origins.get(session) ?? { path: '', digest: '' };
  const identity: ModelIdentity = {
    name: declaration?.name ?? (path === '' ? 'onnx' : basename(path, extname(path))),
    version: declaration?.version ?? digest,
    kind: declaration?.kind ?? 'other',
    framework: 'onnx',
    provider: '',
  };
  identities.set(session, { declaration, identity });
  return identity;
}

function declared(session: object): ModelDeclaration | undefined {
  return declarationOf(session, origins.get(session)?.path ?? '');
}

function begin(
  session: object,
  feeds: Tensors,
  host: ReturnType<PatchHost['runtime']>,
  declaration: ModelDeclaration | undefined,
): GuardedCall {
  const model = identityOf(session, declaration);
  const { features } = host.capture(model.name);
  const start = {
    client: 'onnxruntime',
    model,
    operation: 'predict',
    streamed: false,
    can: CAN,
    awaits: true,
    remote: false,
    callsNothing: true as const,
  };
  if (features === 'none') return host.begin(start);
  let captured: { [name: string]: CallValue } = {};
  try {
    captured = featuresOf(feeds, declaration, features);
  } catch {
    // The application's own function failed on this input; the call goes on with unknown features.
  }
  return host.begin({ ...start, features: captured });
}

function isSession(value: unknown): value is object {
  return typeof value === 'object' && value !== null && typeof (value as { run?: unknown }).run === 'function';
}

function usable(target: TargetDefinition): boolean {
  return target.run !== undefined || isSession(target.client);
}

/** One run as the application asked for it. */
interface AskedRun {
  session: object;
  args: [Tensors, ...unknown[]];
  declaration: ModelDeclaration | undefined;
  runtime: GuardRuntime;
  guarded: GuardedCall;
}

function guardedRun(original: Run, host: PatchHost): Run {
  return function run(this: object, feeds, ...rest) {
    const runtime = host.runtime();
    if (typeof feeds !== 'object' || feeds === null || runtime.inside()) return original.call(this, feeds, ...rest);
    const declaration = declared(this);
    const guarded = begin(this, feeds, runtime, declaration);
    const asked: AskedRun = { session: this, args: [feeds, ...rest], declaration, runtime, guarded };
    return guarded.before ? guarded.before.then(() => proceed(original, asked)) : proceed(original, asked);
  };
}

function proceed(original: Run, { session, args, declaration, runtime, guarded }: AskedRun): Promise<Tensors> {
  const route = routeOf(guarded.decision, runtime, usable);
  if (route.kind === 'refuse') {
    guarded.failed(route.error);
    return Promise.reject(route.error);
  }
  let answering = declaration;
  let call = (): Promise<Tensors> => original.apply(session, args);
  if (route.kind === 'target') {
    const { target } = route;
    const { client } = target;
    if (isSession(client)) {
      answering = declared(client);
      guarded.rerouted(target.name, identityOf(client, answering));
      call = () => original.apply(client, args);
    } else {
      guarded.rerouted(target.name);
      const targetRun = target.run as unknown as Run;
      call = async () => targetRun.apply(undefined as never, args);
    }
  }
  const name = answering?.name ?? identityOf(session, declaration).name;
  return guarded.run(call).then(
    (results) =>
      handOut(guarded, results, () => ({ output: knownAnswer(results, answering, runtime.capture(name).outputs) })),
    (error: unknown) => {
      guarded.failed(error);
      throw error;
    },
  );
}

function rememberingCreate(original: Create): Create {
  return async function create(this: unknown, source, ...rest) {
    const [session, digest] = await Promise.all([
      original.call(this, source, ...rest),
      modelDigest(source, rest[0], rest[1]),
    ]);
    origins.set(session, { path: typeof source === 'string' ? resolve(source) : '', digest });
    return session;
  };
}

/** Patches `InferenceSession` of `onnxruntime-node` (or `-common`). Returns null when the module has none. */
export function patchOnnxruntime(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as { InferenceSession?: unknown; default?: { InferenceSession?: unknown } };
  const InferenceSession = module.InferenceSession ?? module.default?.InferenceSession;
  if (typeof InferenceSession !== 'function') return null;
  const prototype = InferenceSession.prototype as unknown;
  if (typeof prototype !== 'object' || prototype === null || !('run' in prototype)) return null;
  const undo = [
    patchMethod(InferenceSession, 'create', rememberingCreate),
    patchMethod(prototype, 'run', (original: Run) => guardedRun(original, host)),
  ].filter((restore) => restore !== null);
  if (undo.length > 0) {
    host.declare({
      client: 'onnxruntime',
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
  return { undo: () => undo.forEach((restore) => restore()) };
}
