import type { Rewriter } from './types.js';

const MAX_REWRITERS = 256;

/** Rewriters that this process declares, by name. Filled before and after the guard starts. */
export class RewriterRegistry {
  readonly #rewriters = new Map<string, Rewriter>();
  /** Those that say how they are checked, and have not passed it. */
  readonly #down = new Set<string>();
  #listener: (() => void) | null = null;

  /** Is called whenever what `hello` says of them changed. */
  onChange(listener: (() => void) | null): void {
    this.#listener = listener;
  }

  /** Adds or replaces a rewriter. Beyond 256 names nothing is added. */
  declare(rewriter: Rewriter): void {
    const { name, check } = rewriter;
    const known = this.#rewriters.has(name);
    if (!known && this.#rewriters.size >= MAX_REWRITERS) return;
    this.#rewriters.set(name, rewriter);
    // Not announced and not used before it has answered once.
    const changed = check === undefined ? this.#down.delete(name) : !this.#down.has(name);
    if (check !== undefined) this.#down.add(name);
    if (!known || changed) this.#listener?.();
  }

  /** Undefined also for one that does not answer its check. */
  get(name: string): Rewriter | undefined {
    return this.#down.has(name) ? undefined : this.#rewriters.get(name);
  }

  /** Declared, whether it answers or not. */
  has(name: string): boolean {
    return this.#rewriters.has(name);
  }

  /** False for one that does not answer its check. */
  isUp(name: string): boolean {
    return !this.#down.has(name);
  }

  /** Those that say how they are checked. */
  checked(): Rewriter[] {
    return [...this.#rewriters.values()].filter(({ check }) => check !== undefined);
  }

  /** What came of a check; nothing when the rewriter was declared anew meanwhile. */
  setUp(rewriter: Rewriter, up: boolean): void {
    if (this.#rewriters.get(rewriter.name) !== rewriter || up !== this.#down.has(rewriter.name)) return;
    if (up) this.#down.delete(rewriter.name);
    else this.#down.add(rewriter.name);
    this.#listener?.();
  }

  /** What `hello` and `sites` say: names of those that can be used, sorted. */
  names(): string[] {
    return [...this.#rewriters.keys()].filter((name) => this.isUp(name)).sort();
  }
}
