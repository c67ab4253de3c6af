import type { InlinePoint, RewriteOutcome, RewriteQuestion } from '@guardspan/policy/runtime';
import { ServiceError } from '../external/ask-service.js';
import { BoundedService } from '../external/bounded-service.js';
import type { Clock } from '../guard/clock.js';
import type { RewriterRegistry } from './rewriter-registry.js';
import type { Rewriter } from './types.js';

/** UTF-16 code units of one text. */
const MAX_TEXT = 1_048_576;

/** What a question is about, beside its texts. */
export interface RewriteAsked {
  point: InlinePoint;
  model: string;
  /** False: an answer that comes later is of no use. */
  mayWait: boolean;
}

type Given = string | undefined | PromiseLike<string | undefined>;

/** Asks the rewriters of this process: one {@link BoundedService} for each. */
export class Rewriters {
  readonly #services = new WeakMap<Rewriter, BoundedService>();

  constructor(
    private readonly registry: RewriterRegistry,
    private readonly clock: Clock,
  ) {}

  /** Asks about all parts at the same time. What a rewriter says at once is there at once; otherwise resolves at the latest at the deadline. Never throws and never rejects. */
  ask({ name, deadline, parts }: RewriteQuestion, asked: RewriteAsked): RewriteOutcome | Promise<RewriteOutcome> {
    const rewriter = this.registry.get(name);
    if (rewriter === undefined) {
      const why = this.registry.has(name) ? `the rewriter ${name} does not answer its check` : '';
      return failed(why === '' ? `this process declares no rewriter ${name}` : why);
    }
    let service = this.#services.get(rewriter);
    if (!service)
      this.#services.set(rewriter, (service = new BoundedService(`rewriter ${name}`, this.clock, rewriter)));
    const { point, model, mayWait } = asked;
    const began = this.clock.monotonic();
    let given: Given[] | undefined;
    let threw = false;
    const answer = service.ask(async (signal) => {
      try {
        given = parts.map(({ path, role, text }) => rewriter.rewrite(text, { role, path, point, model, signal }));
      } catch (error) {
        threw = true;
        throw error;
      }
      return checked(await Promise.all(given));
    }, deadline);
    // The service has called the rewriter by now, unless it is left alone.
    if (threw) return failed(`rewriter ${name} could not answer`);
    if (given?.every((text) => typeof text === 'string' || text === undefined) === true) {
      if (this.clock.monotonic() - began > deadline)
        return { ok: false, failure: 'deadline', message: `rewriter ${name} did not answer within ${deadline} s` };
      try {
        return { ok: true, texts: checked(given as (string | undefined)[]) };
      } catch {
        return failed(`rewriter ${name} gave a text that is too long`);
      }
    }
    if (!mayWait) return failed(`this call cannot wait for the rewriter ${name}`);
    return answer.then((settled) => (settled.ok ? { ok: true, texts: settled.value } : settled));
  }
}

function failed(message: string): RewriteOutcome {
  return { ok: false, failure: 'detector_error', message };
}

// What goes on to a model or to a person is not taken on trust.
function checked(texts: readonly unknown[]): (string | undefined)[] {
  return texts.map((text) => {
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw new ServiceError('it gave no text', 'give a text, or undefined');
    if (text.length > MAX_TEXT) throw new ServiceError('it gave a text that is too long', 'give less');
    return text;
  });
}
