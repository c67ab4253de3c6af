import { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { endWhenAbandoned, readByApplication } from '../../stream/abandoned.js';
import { BodySource } from './body-source.js';
import { judgedBody } from './judged-body.js';
import type { BodyParts } from './judged-body.js';
import { replaceHidden } from './replace-hidden.js';

/**
 * Sends the body of a response of `node:http` through the guard before the application reads it. The response stays the object that it is, with its events and its backpressure; an answer that
 * is refused destroys it with our error.
 */
export function judgeIncoming(response: IncomingMessage, parts: BodyParts): void {
  const { guarded } = parts;
  const own = { push: response.push.bind(response), destroy: response.destroy.bind(response) };
  const readMore = (): void => {
    // Without a socket everything has come.
    if (response.socket && !response.destroyed) IncomingMessage.prototype._read.call(response, 0);
  };
  const source = new BodySource(readMore);
  const { headers } = response;
  const judged = judgedBody(
    source,
    { contentType: headers['content-type'] ?? '', contentEncoding: headers['content-encoding'] ?? '' },
    parts,
  );
  let wake: (() => void) | null = null;
  const awake = (): void => {
    wake?.();
    wake = null;
  };

  replaceHidden(response, 'push', (piece: unknown) => {
    if (piece instanceof Uint8Array) return source.push(piece);
    source.end();
    return false;
  });
  replaceHidden(response, '_read', () => {
    readByApplication(guarded);
    readMore();
    awake();
  });
  replaceHidden(response, 'destroy', (error?: Error) => {
    // Without an error it is the application that has had enough.
    if (error) source.fail(error);
    else source.end();
    const destroyed = own.destroy(error);
    awake();
    return destroyed;
  });

  const pump = async (): Promise<void> => {
    try {
      for await (const piece of judged) {
        if (response.destroyed) break;
        if (!own.push(piece)) await new Promise<void>((resolve) => (wake = resolve));
      }
      if (!response.destroyed) own.push(null);
    } catch (error) {
      // An error discards what waits to be read, and whoever reads has then read what was released.
      await nextTurn();
      if (!response.destroyed) refuse(response, () => own.destroy(error as Error));
    } finally {
      guarded.end();
    }
  };
  endWhenAbandoned(response, guarded);
  void pump();
}

/** Destroys a response without the event `aborted`, which would reach the application before the error and hide it: nobody has aborted anything. */
function refuse(response: IncomingMessage, destroy: () => void): void {
  replaceHidden(response, '_destroy', (error, done) => {
    response.socket?.destroy(error ?? undefined);
    // As without us, it is no error where nobody listens for one.
    process.nextTick(done, response.listenerCount('error') === 0 ? null : error);
  });
  destroy();
}
