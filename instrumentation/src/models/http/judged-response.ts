import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GuardedCall } from '../../guard/types.js';
import { BodySource } from './body-source.js';
import { judgedBody } from './judged-body.js';
import type { BodyHeaders, BodyParts } from './judged-body.js';
import type { HandlerVoice, RequestControl, ResponseTap } from './undici-handler.js';

/** One response of undici whose body is judged on its way to the handler. */
export class JudgedResponse implements ResponseTap {
  readonly #source: BodySource;
  #control: RequestControl | null = null;
  #judging = false;
  #cancelled: { reason: unknown } | null = null;
  #finish: () => void = () => undefined;
  #wake: (() => void) | null = null;

  constructor(
    private readonly guarded: GuardedCall,
    private readonly voice: HandlerVoice,
    private readonly parts: BodyParts,
  ) {
    this.#source = new BodySource(() => this.#control?.resume());
  }

  started(control: RequestControl): RequestControl {
    this.#control = control;
    return {
      pause: () => undefined,
      resume: () => this.#woken(),
      abort: (reason) => {
        if (this.#judging) {
          this.#cancelled = { reason };
          this.#source.cut();
          this.#woken();
        }
        control.abort(reason);
      },
    };
  }

  headers(status: number, header: (name: string) => string): boolean {
    if (status >= 400) this.guarded.failed(Object.assign(new Error(String(status)), { status }));
    else if (status >= 300) this.guarded.end();
    else {
      this.#judging = true;
      // After the handler has heard of the headers.
      const contentType = header('content-type');
      const contentEncoding = header('content-encoding');
      queueMicrotask(() => void this.#pump({ contentType, contentEncoding }));
    }
    return this.#judging;
  }

  data(chunk: Uint8Array): void {
    if (!this.#source.push(chunk)) this.#control?.pause();
  }

  end(finish: () => void): void {
    if (!this.#judging) {
      this.guarded.end();
      finish();
      return;
    }
    this.#finish = finish;
    this.#source.end();
  }

  error(error: unknown): boolean {
    if (!this.#judging) this.guarded.failed(error);
    this.#source.fail(error);
    return this.#judging;
  }

  async #pump(headers: BodyHeaders): Promise<void> {
    try {
      for await (const piece of judgedBody(this.#source, headers, this.parts)) {
        while (this.voice.paused && !this.#cancelled) await new Promise<void>((resolve) => (this.#wake = resolve));
        if (this.#cancelled) break;
        this.voice.data(piece);
      }
    } catch (error) {
      // An error discards what waits to be read, and whoever reads has then read what was released.
      await nextTurn();
      if (!this.#cancelled) {
        this.#cancelled = { reason: error };
        this.#control?.abort(error);
      }
    }
    this.guarded.end();
    if (this.#cancelled) this.voice.error(this.#cancelled.reason);
    else this.#finish();
  }

  #woken(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
