import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import { ConversationCollector } from '../mistral/conversation-collector.js';
import { ConversationRewriter } from '../mistral/conversation-rewriter.js';
import { CONVERSATIONS } from '../mistral/conversations.js';
import type { Endpoint } from '../stainless/endpoint.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { objectOf, usageOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

const { operation, requestTexts, answer } = CONVERSATIONS[0]!;

/** Fields of events that Mistral's client calls otherwise than the wire does. */
const NAMES: readonly [string, string][] = [
  ['outputIndex', 'output_index'],
  ['contentIndex', 'content_index'],
  ['toolCallId', 'tool_call_id'],
  ['conversationId', 'conversation_id'],
];

/** An event as the client gives it. */
function asClient(data: Json): Json {
  const known = NAMES.filter(([, wire]) => wire in data).map(([name, wire]) => [name, data[wire]] as const);
  return { event: data['type'], data: { ...data, ...Object.fromEntries(known) } };
}

function asWire(event: unknown): Json {
  const data = { ...objectOf(objectOf(event)?.['data']) };
  for (const [name] of NAMES) delete data[name];
  return data;
}

class WireRewriter implements ChunkRewriter {
  constructor(private readonly inner: ChunkRewriter) {}

  get refusal(): ChunkRewriter['refusal'] {
    return this.inner.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const data = objectOf(value);
    if (!data) return [value];
    const event = asClient(data);
    return this.inner.rewrite(event).map((each) => (each === event ? Object.assign(data, asWire(each)) : asWire(each)));
  }

  finish(): unknown[] {
    return this.inner.finish().map(asWire);
  }
}

class WireCollector implements ChunkCollector {
  readonly #inner = new ConversationCollector();
  #usage: CallAnswer['usage'];

  add(value: unknown): void {
    const data = objectOf(value);
    if (!data) return;
    this.#usage = usageOf(data['usage']) ?? this.#usage;
    this.#inner.add(asClient(data));
  }

  answer(): CallAnswer {
    return withUsage(this.#inner.answer(), this.#usage);
  }
}

function withUsage(known: CallAnswer, usage: CallAnswer['usage']): CallAnswer {
  return usage === undefined ? known : { ...known, usage };
}

/** Mistral's conversations as they are on the wire: texts stand where they do in the client, other fields are called otherwise. */
export const conversationEndpoint: Endpoint = {
  family: { client: 'mistralai', provider: '' },
  path: ['beta', 'conversations'],
  operation,
  kind: 'llm',
  requestTexts,
  answer: (data) => withUsage(answer({ ...data, conversationId: data['conversation_id'] }), usageOf(data['usage'])),
  collector: () => new WireCollector(),
  rewriter: (guard, { completion_args: args }) => {
    const format = objectOf(objectOf(args)?.['response_format']);
    const params = format ? { completionArgs: { responseFormat: format } } : {};
    return new WireRewriter(new ConversationRewriter(guard, params));
  },
};
