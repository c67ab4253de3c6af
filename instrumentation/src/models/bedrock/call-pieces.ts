import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** A piece of a call of a tool: its name, a piece of its arguments, or both. */
export interface CallPiece {
  /** Identifies the call in its answer. */
  key: string;
  /** Empty when this piece does not say it. */
  name: string;
  /** JSON source. */
  text: string;
  /** Where the text stands in the body, its steps beginning with dots. */
  path: string;
  /** Key of a call that ends because this one takes its place; otherwise absent. */
  ends?: string;
}

/** Reads the pieces of calls out of the chunks of one streamed answer of Mistral's models: their arguments are texts, which may go on from chunk to chunk. */
export class CallPieces {
  /** Calls by choice and index. */
  readonly #calls = new Map<string, { id: string; key: string }>();
  #count = 0;

  /** The pieces in one chunk, in order. */
  in(body: Json): CallPiece[] {
    return listOf(body['choices']).flatMap((item, position) => {
      const choice = objectOf(item);
      const number = numberOf(choice, position);
      return listOf(objectOf(choice?.['message'])?.['tool_calls']).flatMap((value, at) => {
        const call = objectOf(value);
        const fn = objectOf(call?.['function']);
        if (!call || !fn) return [];
        const slot = `${number}.${numberOf(call, at)}`;
        return [
          {
            ...this.#identify(slot, textOf(call['id'])),
            name: textOf(fn['name']),
            text: textOf(fn['arguments']),
            path: `.choices.${position}.message.tool_calls.${at}.function.arguments`,
          },
        ];
      });
    });
  }

  /** A call goes on as long as no other id comes in its place. */
  #identify(slot: string, id: string): Pick<CallPiece, 'key' | 'ends'> {
    const known = this.#calls.get(slot);
    if (known && (id === '' || known.id === '' || known.id === id)) {
      known.id ||= id;
      return { key: known.key };
    }
    const key = `call.${this.#count++}`;
    this.#calls.set(slot, { id, key });
    return known ? { key, ends: known.key } : { key };
  }
}

/** The number of a choice or a call: its own, or its place in the chunk. */
export function numberOf(node: Json | undefined, position: number): number {
  return typeof node?.['index'] === 'number' ? node['index'] : position;
}
