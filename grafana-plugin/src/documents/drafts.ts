import { z } from 'zod';
import { PLUGIN_ID } from '../constants';

const draftSchema = z.object({
  text: z.string(),
  base: z.string(),
  baseText: z.string(),
  at: z.number(),
});

/** A text that is not saved yet. */
export interface Draft {
  text: string;
  /** Revision that it was made from; empty for a new document. */
  base: string;
  /** The text of that revision, to compare with when somebody else changes it. */
  baseText: string;
  /** Seconds from epoch. */
  at: number;
}

const PREFIX = `${PLUGIN_ID}.draft.`;
/** Drafts that are kept; the oldest go. */
const MAX_DRAFTS = 50;

/** Drafts in the browser's storage, so that a reload, a crash or a lost session loses no edit. */
export class Drafts {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The draft of a document, or undefined. */
  read(name: string): Draft | undefined {
    try {
      const text = this.#storage.getItem(PREFIX + name);
      return text === null ? undefined : draftSchema.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  }

  /** Keeps a draft. False when the browser does not take it. */
  write(name: string, draft: Draft): boolean {
    try {
      this.#storage.setItem(PREFIX + name, JSON.stringify(draft));
      this.#prune();
      return true;
    } catch {
      return false;
    }
  }

  remove(name: string): void {
    try {
      this.#storage.removeItem(PREFIX + name);
    } catch {
      // A storage that is closed keeps nothing either.
    }
  }

  #prune(): void {
    const names = Object.keys(this.#storage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
    if (names.length <= MAX_DRAFTS) {
      return;
    }
    const at = (name: string): number => this.read(name)?.at ?? 0;
    for (const name of names.sort((a, b) => at(a) - at(b)).slice(0, names.length - MAX_DRAFTS)) {
      this.remove(name);
    }
  }
}
