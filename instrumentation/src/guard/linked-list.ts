/** What can be in one {@link LinkedList} at a time. Its links are cleared when it leaves, so that a call that is over refers to no later one. */
export class Linked {
  /** The list that it is in. */
  list: LinkedList<Linked> | null = null;
  previous: Linked | null = null;
  next: Linked | null = null;
}

/** A list in order of arrival, for what every call enters and leaves: neither step looks anything up, and no table is made anew every few calls as in a `Set`. */
export class LinkedList<T extends Linked> {
  #first: T | null = null;
  #last: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that came first; null in an empty list. */
  get first(): T | null {
    return this.#first;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let item = this.#first; item !== null; item = item.next as T | null) yield item;
  }

  /** Puts it at the end; out of the list that it was in. */
  add(item: T): void {
    item.list?.delete(item);
    item.list = this as unknown as LinkedList<Linked>;
    item.previous = this.#last;
    if (this.#last === null) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#size++;
  }

  /** Takes it out. False when it was not in here. */
  delete(item: T): boolean {
    if ((item.list as unknown) !== this) return false;
    const { previous, next } = item;
    if (previous === null) this.#first = next as T | null;
    else previous.next = next;
    if (next === null) this.#last = previous as T | null;
    else next.previous = previous;
    item.list = item.previous = item.next = null;
    this.#size--;
    return true;
  }
}
