/** Options of {@link UnstoredRows}. */
export interface UnstoredRowsOptions<Row> {
  write: (put: readonly Row[], remove: readonly string[]) => Promise<void>;
  /** Told of writes that failed; they are tried again by the next {@link UnstoredRows.persist}. */
  onError: (error: unknown) => void;
}

/** Changes of rows that the store does not have yet: one write at a time, each with the newest state of every row. */
export class UnstoredRows<Row> {
  readonly #options: UnstoredRowsOptions<Row>;
  #put = new Map<string, Row>();
  #remove = new Set<string>();
  #storing = false;

  constructor(options: UnstoredRowsOptions<Row>) {
    this.#options = options;
  }

  put(key: string, row: Row): void {
    this.#put.set(key, row);
    this.#remove.delete(key);
  }

  remove(key: string): void {
    this.#put.delete(key);
    this.#remove.add(key);
  }

  /** Writes what has changed, unless a write is under way. Never rejects. */
  async persist(): Promise<void> {
    const [put, remove] = [this.#put, this.#remove];
    if (this.#storing || put.size + remove.size === 0) return;
    this.#storing = true;
    [this.#put, this.#remove] = [new Map(), new Set()];
    try {
      await this.#options.write([...put.values()], [...remove]);
    } catch (error) {
      this.#options.onError(error);
      for (const [key, row] of put) if (!this.#put.has(key) && !this.#remove.has(key)) this.#put.set(key, row);
      for (const key of remove) if (!this.#put.has(key)) this.#remove.add(key);
    } finally {
      this.#storing = false;
    }
  }
}
