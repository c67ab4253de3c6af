/** One event of a `text/event-stream`: its source with the empty line at its end, and the JSON of its data, undefined when it has none (comments, `[DONE]`). */
export interface LineEvent {
  source: string;
  data: unknown;
  /** No end of the event came within {@link MAX_EVENT}; `source` is what came of it, and what follows begins anew. */
  endless?: true;
}

/** Longest event that is put together, in UTF-16 units. */
const MAX_EVENT = 4_194_304;

/** Cuts a `text/event-stream` that arrives in pieces into its events. */
export class EventLines {
  #rest = '';

  /** Adds a piece; gives the events that are complete. */
  push(piece: string): LineEvent[] {
    this.#rest += piece;
    const events: LineEvent[] = [];
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#rest);
      if (!end) {
        if (this.#rest.length <= MAX_EVENT) return events;
        events.push({ source: this.#rest, data: undefined, endless: true });
        this.#rest = '';
        return events;
      }
      const source = this.#rest.slice(0, end.index + end[0].length);
      this.#rest = this.#rest.slice(source.length);
      events.push({ source, data: dataOf(source) });
    }
  }

  /** What is left at the end of the stream. */
  finish(): LineEvent[] {
    const source = this.#rest;
    this.#rest = '';
    return source === '' ? [] : [{ source, data: dataOf(source) }];
  }
}

function dataOf(source: string): unknown {
  const lines = source.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  const text = lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n');
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** What an API calls an event in its data; empty when it does not. */
export function eventName(data: unknown): string {
  const { event_type: event, type } = (data ?? {}) as { event_type?: unknown; type?: unknown };
  if (typeof event === 'string') return event;
  return typeof type === 'string' ? type : '';
}

/** The source of an event with other data; whatever else it says (`id:`) stays, and a name that it has (`event:`) is that of the data. */
export function eventWith(source: string, data: unknown): string {
  const name = eventName(data);
  const others = source
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('data:'))
    .map((line) => (line.startsWith('event:') && name !== '' ? `event: ${name}` : line));
  return `${[...others, `data: ${JSON.stringify(data)}`].join('\n')}\n\n`;
}
