import type { RewriteStep, TextRewrite } from '@guardspan/policy/runtime';

/** Paths of clients that give several answers at a time begin with the answer. */
const CHOICE = /^(?:choices|candidates)\.\d+\./;

/** The choice that a text belongs to; empty where there is one answer, or nobody says which. */
function choiceOf(path: string): string {
  return CHOICE.exec(path)?.[0] ?? '';
}

/** Which texts of one streamed answer are replaced by a literal from now on, and where it has been said. */
export class ReplacedTexts {
  readonly #choices = new Set<string>();
  readonly #said = new Map<string, TextRewrite>();
  #literal = '';
  #guardrail = '';
  #released = 0;

  /** Code units of the texts that had been released before they were replaced. */
  get released(): number {
    return this.#released;
  }

  /** True when nothing more of what the model says at this path goes out. */
  covers(path: string): boolean {
    if (this.#choices.size === 0) return false;
    const choice = choiceOf(path);
    return choice === '' || this.#choices.has(choice) || this.#choices.has('');
  }

  /** A condition has become true over the text at `path`, or over the answer as a whole (empty): the last guard-rail by name says the literal. */
  begin(path: string, steps: readonly RewriteStep[]): void {
    for (const step of [...steps].sort((a, b) => (a.guardrail < b.guardrail ? -1 : 1))) {
      this.#literal = step.with ?? '';
      this.#guardrail = step.guardrail;
    }
    this.#choices.add(choiceOf(path));
  }

  /** What goes out of a text that is replaced: the literal once, then nothing. `released`: code units of it that went out before. */
  say(path: string, released: number): string {
    if (this.#said.has(path)) return '';
    this.#said.set(path, { guardrail: this.#guardrail, path, text: this.#literal });
    this.#released += released;
    return this.#literal;
  }

  /** What was said so far; undefined when nothing was. */
  rewrites(): TextRewrite[] | undefined {
    return this.#said.size === 0 ? undefined : [...this.#said.values()];
  }
}
