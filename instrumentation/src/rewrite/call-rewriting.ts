import { finishRewriting } from '@guardspan/policy/runtime';
import type { Decision, RewriteOutcome } from '@guardspan/policy/runtime';
import type { RewriteAsked, Rewriters } from './rewriters.js';

/** The rewriting of one call at one point. Keeps what rewriters said, so that a decision that is made anew comes to the same texts without asking again. */
export class CallRewriting {
  readonly #outcomes: RewriteOutcome[] = [];

  constructor(
    private readonly rewriters: Rewriters,
    private readonly asked: RewriteAsked,
  ) {}

  /** The decision with finished texts: at once, unless a rewriter has to be waited for. Never rejects. */
  finish(decision: Decision): Decision | Promise<Decision> {
    const steps = finishRewriting(decision);
    let at = 0;
    const goOn = (next: ReturnType<typeof steps.next>): Decision | Promise<Decision> => {
      while (next.done !== true) {
        const index = at++;
        const outcome = this.#outcomes[index] ?? this.rewriters.ask(next.value, this.asked);
        if (outcome instanceof Promise)
          return outcome.then((settled) => goOn(steps.next((this.#outcomes[index] = settled))));
        next = steps.next((this.#outcomes[index] = outcome));
      }
      return next.value;
    };
    return goOn(steps.next());
  }
}
