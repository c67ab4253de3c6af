/** Where the evaluator is now, while it is killed and started again. */
export class Target {
  #url = '';
  #waiting: ((url: string) => void)[] = [];

  /** Waits until there is an evaluator. */
  url(): Promise<string> {
    return this.#url === '' ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(this.#url);
  }

  /** It serves here from now on. */
  up(url: string): void {
    this.#url = url;
    for (const resolve of this.#waiting.splice(0)) resolve(url);
  }

  /** It is gone. */
  down(): void {
    this.#url = '';
  }
}
