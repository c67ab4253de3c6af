/** What is known of a call of a tool that goes on over several chunks. */
interface Slot {
  id: string;
  name: string;
  key: string;
}

/** Which call a piece belongs to. */
export interface CallSlot {
  /** Identifies the call in its answer. */
  key: string;
  /** Key of a call that ends, because this one takes its place; otherwise absent. */
  ends?: string;
}

/**
 * Tells calls of tools apart whose pieces name the same place. Providers number the calls of an answer, but some give every call the number 0: another id or another
 * name in a place begins another call.
 */
export class CallSlots {
  readonly #slots = new Map<string, Slot>();
  #count = 0;

  /** `id` and `name` are empty in pieces that do not say them. */
  at(place: string, id: unknown, name: string): CallSlot {
    // A client of Mistral writes "null" for none.
    const own = typeof id === 'string' && id !== 'null' ? id : '';
    const known = this.#slots.get(place);
    if (known && (known.id !== '' && own !== '' ? known.id === own : goesOn(known.name, name))) {
      known.id ||= own;
      known.name ||= name;
      return { key: known.key };
    }
    const key = known ? `${place}#${++this.#count}` : place;
    this.#slots.set(place, { id: own, name, key });
    return known ? { key, ends: known.key } : { key };
  }
}

function goesOn(known: string, now: string): boolean {
  return now === '' || known === '' || known === now;
}
