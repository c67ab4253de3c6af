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
import { listOf, objectOf, textOf, toolCall } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { bodyOf, bodyReason, bodyTokens, wholeCalls } from './body.js';
import { CallPieces } from './call-pieces.js';
import { ConverseCollector } from './converse.js';
import { ConverseRewriter } from './converse-rewriter.js';
import { FieldRewriter, TEXTS } from './field-rewriter.js';

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
  /** Calls that came whole, and those that came in pieces. */
  readonly #tools: ToolCall[] = [];
  readonly #pieces = new CallPieces();
  readonly #calls = new Map<string, { name: string; text: TextBuffer }>();

  add(event: unknown): void {
    const body = insideOf(event);
    if (!body) return;
    if (this.#inner === undefined) this.#inner = collectorFor(familyOf(body));
    this.#tokens = bodyTokens(body) ?? this.#tokens;
    if (this.#inner) return this.#inner.add(body);
    this.#last = body;
    this.#reason = bodyReason(body) || this.#reason;
    this.#tools.push(...wholeCalls(body));
    for (const { key, name, text } of this.#pieces.in(body)) {
      let call = this.#calls.get(key);
      if (!call) this.#calls.set(key, (call = { name: '', text: new TextBuffer() }));
      call.name ||= name;
      call.text.add(text);
    }
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
      toolCalls: [...this.#tools, ...[...this.#calls.values()].map(({ name, text }) => toolCall(name, text.text()))],
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
