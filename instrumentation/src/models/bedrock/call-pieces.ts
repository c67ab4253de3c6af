import { CallSlots } from '../shared/call-slots.js';
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
  readonly #slots = new CallSlots();

  /** The pieces in one chunk, in order. */
  in(body: Json): CallPiece[] {
    return listOf(body['choices']).flatMap((item, position) => {
      const choice = objectOf(item);
      const number = numberOf(choice, position);
      return listOf(objectOf(choice?.['message'])?.['tool_calls']).flatMap((value, at) => {
        const call = objectOf(value);
        const fn = objectOf(call?.['function']);
        if (!call || !fn) return [];
        const name = textOf(fn['name']);
        return [
          {
            ...this.#slots.at(`call.${number}.${numberOf(call, at)}`, call['id'], name),
            name,
            text: textOf(fn['arguments']),
            path: `.choices.${position}.message.tool_calls.${at}.function.arguments`,
          },
        ];
      });
    });
  }
}

/** The number of a choice or a call: its own, or its place in the chunk. */
export function numberOf(node: Json | undefined, position: number): number {
  return typeof node?.['index'] === 'number' ? node['index'] : position;
}
