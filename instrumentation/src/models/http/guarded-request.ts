import type { ClientRequest, IncomingMessage } from 'node:http';
import type { GuardedCall, GuardRuntime } from '../../guard/types.js';
import { asCounted } from '../../coverage/counted-requests.js';
import { askedBy, MAX_REQUEST, startOf } from './asked.js';
import type { Asked } from './asked.js';
import { bodyToSend } from './body-to-send.js';
import { declarationFor } from './declared-servers.js';
import type { HttpModels } from './declared-servers.js';
import { holdFor, noLongerHeld } from './held-requests.js';
import { judgeIncoming } from './judged-incoming.js';
import { replaceHidden } from './replace-hidden.js';

type Write = (chunk: unknown, encoding?: unknown, callback?: unknown) => boolean;
type End = (chunk?: unknown, encoding?: unknown, callback?: unknown) => ClientRequest;

/** A piece of a body that is held back. */
interface Held {
  chunk: string | Uint8Array;
  encoding: BufferEncoding | undefined;
}

function addressOf(request: ClientRequest): string {
  if (/^https?:/i.test(request.path)) return request.path;
  const header = request.getHeader('host');
  return `${request.protocol}//${typeof header === 'string' ? header : request.host}${request.path}`;
}

/**
 * Guards one request of `node:http` when it is a POST to a declared server: its body is held back until it is complete (its head goes after a moment), then the call is decided, then the body is sent as it was written, or with
 * what was changed. Everything else that the application does with the request happens at once. A refused call destroys the request with our error before anything is sent.
 */
export function guardRequest(
  request: ClientRequest,
  declared: readonly HttpModels[],
  runtimeOf: () => GuardRuntime,
): void {
  if (request.method !== 'POST') return;
  const url = addressOf(request);
  const declaration = declarationFor(declared, url);
  if (!declaration) return;
  const runtime = runtimeOf();
  if (runtime.inside()) return;
  const own = { write: request.write.bind(request) as Write, end: request.end.bind(request) as End };
  const held: Held[] = [];
  let size = 0;
  /** What the application does after its last word while the guard waits for checks: for Node to refuse. Null before. */
  let late: (() => unknown)[] | null = null;

  /** From here on the request is Node's own again. */
  const replay = (): void => {
    noLongerHeld(request);
    for (const undo of undos) undo();
    for (const { chunk, encoding } of held.splice(0)) own.write(chunk, encoding);
  };
  const unguarded = (): void => {
    runtime.unguarded('unreadable', new URL(url).host);
    asCounted(request);
    replay();
  };
  const write: Write = (chunk, encoding, callback) => {
    const args: Parameters<Write> = [chunk, encoding, callback];
    if (late) {
      late.push(() => own.write(...args));
      return false;
    }
    if (!isPiece(chunk) || request.destroyed || request.writableEnded) return own.write(...args);
    size += chunk.length;
    if (size > MAX_REQUEST) {
      unguarded();
      return own.write(...args);
    }
    held.push(pieceOf(chunk, encoding));
    // Whoever waits for it before the next piece would wait for ever.
    const told = callbackIn(args);
    if (told) process.nextTick(told);
    holdFor(request, { begin: () => request.flushHeaders(), letGo: unguarded });
    return true;
  };
  const end: End = (...args) => {
    const [chunk, encoding] = args;
    if (late) {
      late.push(() => own.end(...args));
      return request;
    }
    if (
      request.destroyed ||
      request.writableEnded ||
      (!isPiece(chunk) && (chunk ?? null) !== null && typeof chunk !== 'function')
    ) {
      replay();
      return own.end(...args);
    }
    const asked = askedBy(declaration, url, bytesOf(isPiece(chunk) ? [...held, pieceOf(chunk, encoding)] : held));
    if (asked === 'unreadable') unguarded();
    if (asked === undefined || asked === 'unreadable') {
      replay();
      return own.end(...args);
    }
    send(asked, args);
    return request;
  };
  const send = (asked: Asked, args: Parameters<End>): void => {
    stopWatching();
    const fixed = request.headersSent && !request.chunkedEncoding;
    const guarded = runtime.begin(startOf(asked, runtime, fixed));
    asCounted(request);
    const answer = { body: asked.body, sentAt: 0 };
    watch(request, guarded, (response) =>
      judgeIncoming(response, {
        request: asked.request,
        params: answer.body,
        guarded,
        outputs: () => runtime.capture(asked.request.model.name).outputs,
        elapsed: () => (performance.now() - answer.sentAt) / 1000,
      }),
    );
    const proceed = (): void => {
      if (request.destroyed) return;
      try {
        answer.body = bodyToSend(asked, guarded, runtime, fixed);
      } catch (error) {
        held.length = 0;
        replay();
        request.destroy(error as Error);
        return;
      }
      answer.sentAt = performance.now();
      // Only to say when: what comes of the request belongs to where the application made it.
      guarded.run(() => undefined);
      if (answer.body === asked.body) {
        replay();
        own.end(...args);
      } else {
        held.length = 0;
        replay();
        const bytes = Buffer.from(JSON.stringify(answer.body));
        const told = !request.headersSent && request.hasHeader('content-length');
        if (told) request.setHeader('content-length', bytes.length);
        own.end(bytes, callbackIn(args));
      }
      late?.forEach((step) => step());
    };
    if (!guarded.before) return proceed();
    late = [];
    void guarded.before.then(proceed);
  };
  const stopWatching = whileHeld(request, unguarded);
  const undos = [
    stopWatching,
    replaceHidden(request, 'write', write as typeof request.write),
    replaceHidden(request, 'end', end as typeof request.end),
  ];
}

function isPiece(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array;
}

function pieceOf(chunk: string | Uint8Array, encoding: unknown): Held {
  return { chunk, encoding: typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined };
}

function callbackIn(args: readonly unknown[]): (() => void) | undefined {
  return args.find((each) => typeof each === 'function') as (() => void) | undefined;
}

function bytesOf(held: readonly Held[]): Uint8Array {
  const pieces = held.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** A server that answers the head of a request, before the body that is held back, waits for no body. Returns how to stop to look, once. */
function whileHeld(request: ClientRequest, answered: () => void): () => void {
  const emit = request.emit.bind(request);
  const undo = replaceHidden(request, 'emit', ((event: string, ...args: unknown[]) => {
    if (event === 'response') answered();
    else if (event === 'close') noLongerHeld(request);
    return emit(event, ...args);
  }) as typeof request.emit);
  let looking = true;
  return () => {
    if (looking) undo();
    looking = false;
  };
}

/** Ends the call with its request, and hands the response over before the application sees it. Adds no listener, because an error that nobody listens for must stay one. */
function watch(request: ClientRequest, guarded: GuardedCall, judge: (response: IncomingMessage) => void): void {
  const emit = request.emit.bind(request);
  let answered = false;
  const onResponse = (response: IncomingMessage): void => {
    answered = true;
    const status = response.statusCode ?? 0;
    if (status >= 400) guarded.failed(Object.assign(new Error(response.statusMessage), { status }));
    // A redirection is no answer of a model, and what nobody listens for is not read.
    else if (status >= 300 || request.listenerCount('response') === 0) guarded.end();
    else judge(response);
  };
  replaceHidden(request, 'emit', ((event: string, ...args: unknown[]) => {
    if (event === 'response') onResponse(args[0] as IncomingMessage);
    else if (event === 'error') guarded.failed(args[0]);
    else if (event === 'close' && !answered) guarded.end();
    return emit(event, ...args);
  }) as typeof request.emit);
}
