/** One event of a `text/event-stream`: its source with the empty line at its end, and the JSON of its data, undefined when it has none (comments, `[DONE]`). */
export interface LineEvent {
  source: string;
  data: unknown;
}

/** Longest event that is put together, in UTF-16 units. */
const MAX_EVENT = 4_194_304;

/** Cuts a `text/event-stream` that arrives in pieces into its events. */
export class EventLines {
  #rest = '';

  /** Adds a piece; gives the events that are complete. Throws for an event without end. */
  push(piece: string): LineEvent[] {
    this.#rest += piece;
    if (this.#rest.length > MAX_EVENT) throw new Error('An event of the answer is longer than 4 MiB');
    const events: LineEvent[] = [];
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#rest);
      if (!end) return events;
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

/** The source of an event with other data; whatever else it says (`event:`, `id:`) stays. */
export function eventWith(source: string, data: unknown): string {
  const others = source.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('data:'));
  return `${[...others, `data: ${JSON.stringify(data)}`].join('\n')}\n\n`;
}
