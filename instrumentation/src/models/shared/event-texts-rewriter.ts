import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { objectOf } from './json.js';
import type { Json } from './json.js';
import { OpenTexts } from './open-texts.js';

/** The frame of a rewriter whose events are changed in place: what is held back of a text comes before the event that ends it, and nothing comes after a refusal. */
export abstract class EventTextsRewriter implements ChunkRewriter {
  protected readonly texts: OpenTexts;

  constructor(guard: StreamGuard) {
    this.texts = new OpenTexts(guard);
  }

  get refusal(): GuardrailDeniedError | null {
    return this.texts.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    const before = event === undefined ? undefined : this.change(event);
    if (before === undefined) return [value];
    return this.refusal === null ? [...before, event] : [];
  }

  finish(): unknown[] {
    const rest = this.texts.rest();
    return this.refusal === null ? rest : [];
  }

  /** Changes the texts of an event; gives the events that go before it. Undefined: it is none that could hold a text, and goes out as it is. */
  protected abstract change(event: Json): unknown[] | undefined;
}
