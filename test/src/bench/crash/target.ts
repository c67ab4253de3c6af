/** Where the evaluator is now, while it is killed and started again. */
export class Target {
  #url: Promise<string>;
  #resolve: (url: string) => void = () => undefined;

  constructor() {
    this.#url = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Waits until there is an evaluator. */
  url(): Promise<string> {
    return this.#url;
  }

  /** It serves here from now on. */
  up(url: string): void {
    this.#resolve(url);
  }

  /** It is gone. */
  down(): void {
    this.#url = new Promise((resolve) => (this.#resolve = resolve));
  }
}
