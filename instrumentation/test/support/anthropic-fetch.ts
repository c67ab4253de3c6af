/** An event of a streamed message. */
export type MessageEvent = { type: string } & Record<string, unknown>;

const USAGE = { input_tokens: 10, output_tokens: 1 };

/** The events of a streamed message with these blocks; each block is a list of pieces. */
export function messageEvents(
  blocks: ({ text: string[] } | { thinking: string[] } | { json: string[]; name: string })[],
): MessageEvent[] {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-stub', content: [], usage: USAGE };
  const events: MessageEvent[] = [{ type: 'message_start', message: { ...message, stop_reason: null } }];
  blocks.forEach((block, index) => {
    const add = (content_block: object, deltas: object[]): void => {
      events.push({ type: 'content_block_start', index, content_block });
      for (const delta of deltas) events.push({ type: 'content_block_delta', index, delta });
      events.push({ type: 'content_block_stop', index });
    };
    if ('text' in block) {
      add(
        { type: 'text', text: '' },
        block.text.map((text) => ({ type: 'text_delta', text })),
      );
    } else if ('thinking' in block) {
      const deltas = block.thinking.map((thinking) => ({ type: 'thinking_delta', thinking }));
      add({ type: 'thinking', thinking: '', signature: '' }, deltas);
    } else {
      const deltas = block.json.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
      add({ type: 'tool_use', id: `t${index}`, name: block.name, input: {} }, deltas);
    }
  });
  events.push({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } });
  events.push({ type: 'message_stop' });
  return events;
}

/** A `fetch` that speaks the Messages API: `ERR` answers 500, `BROKEN` no JSON, `CUT` breaks off mid-stream, `SLOW` keeps a stream open. */
export class AnthropicFetch {
  /** Bodies that were sent. */
  readonly received: Record<string, unknown>[] = [];
  events: MessageEvent[] = messageEvents([{ text: ['hello', ' world'] }]);
  content: unknown[] = [{ type: 'text', text: 'mail bob@example.com' }];

  readonly fetch: typeof fetch = (_url, init) => {
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
    this.received.push(body);
    if (body['model'] === 'ERR') {
      const error = { type: 'error', error: { type: 'api_error', message: 'boom' } };
      return Promise.resolve(new Response(JSON.stringify(error), { status: 500, headers: JSON_TYPE }));
    }
    if (body['model'] === 'BROKEN') return Promise.resolve(new Response('{"id":', { headers: JSON_TYPE }));
    if (body['stream'] === true) return Promise.resolve(this.#stream(body['model'], init?.signal ?? undefined));
    const answer = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-stub',
      content: this.content,
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 5 },
    };
    return Promise.resolve(new Response(JSON.stringify(answer), { headers: { ...JSON_TYPE, 'request-id': 'req_1' } }));
  };

  #stream(model: unknown, signal: AbortSignal | undefined): Response {
    const encoder = new TextEncoder();
    const { events } = this;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason));
        const count = model === 'CUT' || model === 'SLOW' ? 3 : events.length;
        for (const event of events.slice(0, count)) {
          controller.enqueue(encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
        }
        if (model === 'CUT') setImmediate(() => controller.error(new Error('cut')));
        else if (model !== 'SLOW') controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
