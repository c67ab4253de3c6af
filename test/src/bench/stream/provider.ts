import { setTimeout as sleep } from 'node:timers/promises';

/** What a provider streams: pieces of the answer, with a pause in milliseconds before each. */
export interface Script {
  pieces: readonly string[];
  pause: number;
}

/** A `fetch` that answers each request with a streamed chat completion, without a network. */
export function scriptedFetch(script: () => Script): typeof fetch {
  return () => {
    const { pieces, pause } = script();
    const encoder = new TextEncoder();
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (pause > 0) await sleep(pause);
        const end = next === pieces.length;
        const choice = { index: 0, delta: end ? {} : { content: pieces[next] }, finish_reason: end ? 'stop' : null };
        const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] };
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`));
        if (next++ === pieces.length) {
          controller.enqueue(encoder.encode('data: [DONE]\n\n'));
          controller.close();
        }
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
}
