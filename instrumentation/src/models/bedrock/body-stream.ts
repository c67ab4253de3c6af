import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { messages } from '../anthropic/messages.js';
import { chatCompletions } from '../openai/chat-completions.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { bodyOf, bodyReason, bodyTokens, bodyToolCalls } from './body.js';
import { ConverseCollector } from './converse.js';
import { ConverseRewriter } from './converse-rewriter.js';

/** Fields of the chunks of Titan, Llama, Mistral, Cohere and others that go on from chunk to chunk. */
const TEXTS = new Set(['outputText', 'generation', 'text', 'content', 'completion', 'reasoning', 'arguments']);
/** Where Cohere's models give the arguments of a call, in one piece and as values. */
const PARAMETERS = /(?:^|\.)tool_calls\.\d+\.parameters\./;

/** The JSON inside of an event; undefined for events that are something else (errors). */
function insideOf(event: unknown): Json | undefined {
  return bodyOf(objectOf(objectOf(event)?.['chunk'])?.['bytes']);
}

/** Which family of models a stream is of, as its first chunk shows. */
function familyOf(body: Json): 'anthropic' | 'openai' | 'nova' | 'other' {
  if (textOf(body['type']) === 'message_start') return 'anthropic';
  if (listOf(body['choices']).some((choice) => objectOf(objectOf(choice)?.['delta']))) return 'openai';
  return ['messageStart', 'contentBlockDelta', 'contentBlockStart'].some((key) => key in body) ? 'nova' : 'other';
}

/** What puts a stream of this family together; null for the families that have no events of their own. */
function collectorFor(family: ReturnType<typeof familyOf>): ChunkCollector | null {
  switch (family) {
    case 'anthropic':
      return messages.collector!();
    case 'openai':
      return chatCompletions.collector!();
    case 'nova':
      return new ConverseCollector();
    case 'other':
      return null;
  }
}

/** Puts a streamed answer of InvokeModel together, whatever family of models it is of. */
export class BodyCollector implements ChunkCollector {
  #inner: ChunkCollector | null | undefined;
  #last: Json = {};
  #reason = '';
  #tokens: CallAnswer['usage'];
  readonly #text = new TextBuffer();
  readonly #tools: ToolCall[] = [];

  add(event: unknown): void {
    const body = insideOf(event);
    if (!body) return;
    if (this.#inner === undefined) this.#inner = collectorFor(familyOf(body));
    this.#tokens = bodyTokens(body) ?? this.#tokens;
    if (this.#inner) return this.#inner.add(body);
    this.#last = body;
    this.#reason = bodyReason(body) || this.#reason;
    this.#tools.push(...bodyToolCalls(body));
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
      toolCalls: this.#tools,
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
    switch (familyOf(body)) {
      case 'anthropic':
        return messages.rewriter!(this.guard, this.params);
      case 'openai':
        return chatCompletions.rewriter!(this.guard, this.params);
      case 'nova':
        return new ConverseRewriter(this.guard);
      case 'other':
        return new FieldRewriter(this.guard);
    }
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
  #wholes = 0;

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const body = value as Json;
    const last = bodyReason(body) !== '';
    let goesOn = false;
    // These families give a call in one piece.
    for (const call of bodyToolCalls(body)) this.guard.called(call);
    changeDeepTexts(body, '', (path, text) => {
      if (PARAMETERS.test(path)) {
        const whole = `whole.${this.#wholes++}`;
        return this.guard.push(whole, text) + this.guard.finish(whole);
      }
      const field = path.slice(path.lastIndexOf('.') + 1);
      if (!TEXTS.has(field)) return text;
      const released = this.guard.push(path, text, field === 'arguments');
      if (last) {
        // What is held of a text that ends here comes after what is released of it.
        this.#paths.delete(path);
        return released + this.guard.finish(path);
      }
      this.#paths.add(path);
      goesOn = true;
      return released;
    });
    if (goesOn) this.#like = structuredClone(body);
    const rest = last ? this.finish() : [];
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
