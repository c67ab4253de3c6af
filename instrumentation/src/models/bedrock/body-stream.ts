import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { messages } from '../anthropic/messages.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { bodyOf, bodyReason, bodyTokens } from './body.js';
import { ConverseCollector } from './converse.js';
import { ConverseRewriter } from './converse-rewriter.js';

/** Fields of the chunks of Titan, Llama, Mistral, Cohere and others that go on from chunk to chunk. */
const TEXTS = new Set(['outputText', 'generation', 'text', 'content', 'completion', 'reasoning', 'arguments']);

/** The JSON inside of an event; undefined for events that are something else (errors). */
function insideOf(event: unknown): Json | undefined {
  return bodyOf(objectOf(objectOf(event)?.['chunk'])?.['bytes']);
}

/** Which family of models a stream is of, as its first chunk shows. */
function familyOf(body: Json): 'anthropic' | 'nova' | 'other' {
  if (textOf(body['type']) === 'message_start') return 'anthropic';
  return ['messageStart', 'contentBlockDelta', 'contentBlockStart'].some((key) => key in body) ? 'nova' : 'other';
}

/** Puts a streamed answer of InvokeModel together, whatever family of models it is of. */
export class BodyCollector implements ChunkCollector {
  #inner: ChunkCollector | null | undefined;
  #last: Json = {};
  #reason = '';
  #tokens: CallAnswer['usage'];
  readonly #text = new TextBuffer();

  add(event: unknown): void {
    const body = insideOf(event);
    if (!body) return;
    if (this.#inner === undefined) {
      const family = familyOf(body);
      this.#inner = family === 'other' ? null : family === 'nova' ? new ConverseCollector() : messages.collector!();
    }
    this.#tokens = bodyTokens(body) ?? this.#tokens;
    if (this.#inner) return this.#inner.add(body);
    this.#last = body;
    this.#reason = bodyReason(body) || this.#reason;
    changeDeepTexts(body, '', (path, text) => {
      if (TEXTS.has(path.slice(path.lastIndexOf('.') + 1))) this.#text.add(text);
      return text;
    });
  }

  answer(): CallAnswer {
    if (this.#inner) {
      const known = this.#inner.answer();
      return known.usage || !this.#tokens ? known : { ...known, usage: this.#tokens };
    }
    return callAnswer({
      id: textOf(this.#last['id']),
      model: '',
      usage: this.#tokens,
      finishReasons: this.#reason === '' ? [] : [this.#reason],
      toolCalls: [],
      texts: () => [{ path: 'text', role: 'assistant', text: this.#text.text() }],
    });
  }
}

/** Sends the texts of a stream of InvokeModel through the guard: the JSON inside of each event, by the family of the model. */
export class BodyRewriter implements ChunkRewriter {
  #inner: ChunkRewriter | undefined;
  #last: Json = {};

  constructor(
    private readonly guard: StreamGuard,
    private readonly params: Json,
  ) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(event: unknown): unknown[] {
    const body = insideOf(event);
    if (!body) return [event];
    this.#last = event as Json;
    this.#inner ??= this.#rewriterFor(body);
    const before = JSON.stringify(body);
    const out = this.#inner.rewrite(body);
    // An event that stays what it is keeps its bytes.
    return out.map((each) => (each === body && JSON.stringify(body) === before ? event : this.#event(each)));
  }

  finish(): unknown[] {
    return (this.#inner?.finish() ?? []).map((body) => this.#event(body));
  }

  #rewriterFor(body: Json): ChunkRewriter {
    const family = familyOf(body);
    if (family === 'nova') return new ConverseRewriter(this.guard);
    return family === 'anthropic' ? messages.rewriter!(this.guard, this.params) : new FieldRewriter(this.guard);
  }

  #event(body: unknown): Json {
    const chunk = objectOf(this.#last['chunk']) ?? {};
    return { ...this.#last, chunk: { ...chunk, bytes: new TextEncoder().encode(JSON.stringify(body)) } };
  }
}

/** Texts that go on in the same field of each chunk; what is held back comes with the chunk that says why the model stopped. */
class FieldRewriter implements ChunkRewriter {
  readonly #paths = new Set<string>();
  #like: Json = {};

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const body = value as Json;
    const found: string[] = [];
    changeDeepTexts(body, '', (path, text) => {
      if (!TEXTS.has(path.slice(path.lastIndexOf('.') + 1))) return text;
      this.#paths.add(path);
      found.push(path);
      return this.guard.push(path, text);
    });
    if (found.length > 0) this.#like = structuredClone(body);
    const rest = bodyReason(body) === '' ? [] : this.finish();
    return this.guard.refusal === null ? [...rest, body] : [];
  }

  finish(): unknown[] {
    const rest = new Map([...this.#paths].map((path) => [path, this.guard.finish(path)]));
    this.#paths.clear();
    if (this.guard.refusal !== null || [...rest.values()].every((text) => text === '')) return [];
    const like = structuredClone(this.#like);
    fill(like, '', rest);
    return [like];
  }
}

/** Sets the texts at their paths and empties all others that go on; a reason to stop belongs to the last chunk. */
function fill(node: Json, path: string, rest: ReadonlyMap<string, string>): void {
  for (const [key, value] of Object.entries(node)) {
    const at = `${path}.${key}`;
    if (typeof value === 'object' && value !== null) fill(value as Json, at, rest);
    else if (TEXTS.has(key) && typeof value === 'string') node[key] = rest.get(at) ?? '';
    else if (/^(?:stop|finish|completion)_?reason$/i.test(key)) node[key] = null;
  }
}
