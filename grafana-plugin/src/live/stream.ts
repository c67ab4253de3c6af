import { getBackendSrv } from '@grafana/runtime';
import { createParser } from 'eventsource-parser';
import { proxyPath } from '../api/request';

/** How the app learns of changes: `live` by the event stream, `polling` while it does not come through, `paused` while nobody looks. */
export type LiveStatus = 'connecting' | 'live' | 'polling' | 'paused';

export interface StreamOptions {
  onStatus: (status: LiveStatus) => void;
  /** Type of an event; `gap` when some were lost. */
  onEvent: (type: string) => void;
  /** 0 <= x < 1, spreads reconnections. */
  random?: () => number;
}

/** The evaluator says something at once, and a comment each 15 s; a proxy that buffers lets nothing through. Milliseconds. */
const FIRST_BYTE = 5000;
const SILENCE = 40_000;
const RETRY_MIN = 1000;
const RETRY_MAX = 30_000;

/**
 * Follows the evaluator's events through Grafana's proxy until it is stopped; comes back after the last event seen. Never throws.
 * @returns what stops it.
 */
export function followEvents({ onStatus, onEvent, random = Math.random }: StreamOptions): () => void {
  let lastId = '';
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let close: () => void = () => undefined;

  const again = (): void => {
    clearTimeout(timer);
    close();
    onStatus('polling');
    const bound = Math.min(RETRY_MAX, RETRY_MIN * 2 ** attempt);
    attempt += 1;
    timer = setTimeout(connect, bound / 2 + (random() * bound) / 2);
  };
  const expect = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(again, milliseconds);
  };

  function connect(): void {
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent: ({ id, event = 'message' }) => {
        lastId = id ?? lastId;
        onEvent(event);
      },
    });
    expect(FIRST_BYTE);
    const subscription = getBackendSrv()
      .chunked({
        url: proxyPath('read', 'events'),
        method: 'GET',
        headers: { Accept: 'text/event-stream', ...(lastId === '' ? {} : { 'Last-Event-ID': lastId }) },
        showErrorAlert: false,
      })
      .subscribe({
        next: ({ ok, data }) => {
          if (!ok) {
            again();
            return;
          }
          if (data === undefined) {
            return;
          }
          attempt = 0;
          onStatus('live');
          expect(SILENCE);
          parser.feed(decoder.decode(data, { stream: true }));
        },
        error: again,
        complete: again,
      });
    close = () => subscription.unsubscribe();
  }

  onStatus('connecting');
  connect();
  return () => {
    clearTimeout(timer);
    close();
  };
}
