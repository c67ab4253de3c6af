/** What `dispatch` of undici calls while a request is made: methods of one of two generations, of which a handler has one. */
export type DispatchHandler = { readonly [name: string]: unknown };

/** How the request of a dispatch can be driven. */
export interface RequestControl {
  abort(reason: unknown): void;
  pause(): void;
  resume(): void;
}

/** Who hears of a response in place of a handler. */
export interface ResponseTap {
  /** The request is on its way; gives what the handler may drive it with. */
  started(control: RequestControl): RequestControl;
  /** Headers have come, of a final answer. True: its body goes to the tap and not to the handler. */
  headers(status: number, header: (name: string) => string): boolean;
  data(chunk: Uint8Array): void;
  end(finish: () => void): void;
  /** True: the handler is told by the tap. */
  error(error: unknown): boolean;
}

/** What the tap may tell the handler. */
export interface HandlerVoice {
  data(chunk: Uint8Array): void;
  error(error: unknown): void;
  /** False: the handler wants no more for now, and will `resume`. */
  readonly paused: boolean;
}

type Method = (...args: unknown[]) => unknown;

function call(handler: DispatchHandler, name: string, args: unknown[]): unknown {
  const method = handler[name];
  return typeof method === 'function' ? (method as Method).apply(handler, args) : undefined;
}

/** Methods of both generations that only pass by. */
const PASSING = [
  'onBodySent',
  'onRequestSent',
  'onResponseStarted',
  'onUpgrade',
  'onRequestUpgrade',
  'onResponseInformation',
] as const;

/** A handler that sends the response of another one through a tap. `tapOf` gets the voice by which the tap speaks to the other. */
export function tappedHandler(handler: DispatchHandler, tapOf: (voice: HandlerVoice) => ResponseTap): DispatchHandler {
  const passing: { [name: string]: unknown } = {};
  for (const name of PASSING) {
    if (typeof handler[name] === 'function') passing[name] = (...args: unknown[]) => call(handler, name, args);
  }
  const made = typeof handler['onRequestStart'] === 'function' ? newer(handler, tapOf) : older(handler, tapOf);
  return { ...passing, ...made };
}

/** undici 5 and 6, and handlers of that kind in 7. */
function older(handler: DispatchHandler, tapOf: (voice: HandlerVoice) => ResponseTap): DispatchHandler {
  let tapped = false;
  let paused = false;
  let control: RequestControl | undefined;
  let own: RequestControl | undefined;
  let realResume = (): void => undefined;
  let realPaused = false;
  const tap = tapOf({
    data: (chunk) => (paused = call(handler, 'onData', [chunk]) === false),
    error: (error) => call(handler, 'onError', [error]),
    get paused() {
      return paused;
    },
  });
  return {
    onConnect: (abort: (reason: unknown) => void, context: unknown) => {
      control = {
        abort: (reason) => abort(reason),
        pause: () => (realPaused = true),
        resume: () => {
          realPaused = false;
          realResume();
        },
      };
      own = tap.started(control);
      const started = own;
      return call(handler, 'onConnect', [(reason: unknown) => started.abort(reason), context]);
    },
    onHeaders: (status: number, raw: unknown[] | null, resume: () => void, statusText: string) => {
      const final = status >= 200;
      if (!final || !tap.headers(status, (name) => rawHeader(raw, name))) {
        return call(handler, 'onHeaders', [status, raw, resume, statusText]);
      }
      tapped = true;
      realResume = resume;
      const go = (): void => {
        paused = false;
        own?.resume();
      };
      paused = call(handler, 'onHeaders', [status, raw, go, statusText]) === false;
      return true;
    },
    onData: (chunk: Uint8Array) => {
      if (!tapped) return call(handler, 'onData', [chunk]);
      tap.data(chunk);
      return !realPaused;
    },
    onComplete: (trailers: unknown) => tap.end(() => call(handler, 'onComplete', [trailers])),
    onError: (error: unknown) => {
      if (!tap.error(error)) call(handler, 'onError', [error]);
    },
  };
}

interface Controller extends RequestControl {
  [field: string]: unknown;
}

/** undici 7 and newer. */
function newer(handler: DispatchHandler, tapOf: (voice: HandlerVoice) => ResponseTap): DispatchHandler {
  let tapped = false;
  let paused = false;
  let own: Controller | null = null;
  const tap = tapOf({
    data: (chunk) => call(handler, 'onResponseData', [own, chunk]),
    error: (error) => call(handler, 'onResponseError', [own, error]),
    get paused() {
      return paused;
    },
  });
  return {
    onRequestStart: (controller: Controller, context: unknown) => {
      const drive = tap.started(controller);
      own = driven(controller, {
        abort: (reason) => drive.abort(reason),
        pause: () => {
          if (tapped) paused = true;
          else controller.pause();
        },
        resume: () => {
          if (!tapped) return controller.resume();
          paused = false;
          drive.resume();
        },
      });
      Object.defineProperty(own, 'paused', { get: () => (tapped ? paused : controller['paused']), enumerable: true });
      return call(handler, 'onRequestStart', [own, context]);
    },
    onResponseStart: (_: unknown, status: number, headers: { [name: string]: unknown }, text: string) => {
      tapped = status >= 200 && tap.headers(status, (name) => plain(headers[name]));
      return call(handler, 'onResponseStart', [own, status, headers, text]);
    },
    onResponseData: (_: unknown, chunk: Uint8Array) => {
      if (tapped) tap.data(chunk);
      else call(handler, 'onResponseData', [own, chunk]);
    },
    onResponseEnd: (_: unknown, trailers: unknown) => tap.end(() => call(handler, 'onResponseEnd', [own, trailers])),
    onResponseError: (_: unknown, error: unknown) => {
      if (!tap.error(error)) call(handler, 'onResponseError', [own, error]);
    },
  };
}

/** A controller with other ways to drive it; what else it says it still says. Its class has private fields, so it cannot be inherited from. */
function driven(controller: Controller, drive: RequestControl): Controller {
  const own = { ...drive } as Controller;
  for (const field of ['aborted', 'reason', 'rawHeaders', 'rawTrailers']) {
    Object.defineProperty(own, field, { get: () => controller[field], enumerable: true });
  }
  return own;
}

function rawHeader(raw: unknown[] | null, name: string): string {
  for (let at = 0; raw && at + 1 < raw.length; at += 2) {
    if (String(raw[at]).toLowerCase() === name) return plain(raw[at + 1]);
  }
  return '';
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) || value instanceof Uint8Array ? String(value) : '';
}
