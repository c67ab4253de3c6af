import { Agent, request } from 'node:http';
import { SpanBatch, SPANS_PER_BATCH } from './span-batch.js';

/** Requests under way: enough that a group commit never leaves the receiver without work. */
const IN_FLIGHT = 32;

const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
const batches = Array.from({ length: IN_FLIGHT }, (_, index) => new SpanBatch(index + 1));
let target = '';
let rounds = 0;
let acknowledged = 0;
let refused = 0;

function post(url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/traces`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends one batch after the other while there is a target. */
async function pump(batch: SpanBatch): Promise<void> {
  while (target !== '') {
    const status = await post(target, batch.renew(rounds++));
    if (status === 200) acknowledged += SPANS_PER_BATCH;
    else refused += SPANS_PER_BATCH;
  }
}

let pumps: Promise<void>[] = [];

/** `to` starts sending there and `''` stops; each message is answered with the spans acknowledged so far. */
process.on('message', ({ to }: { to?: string }) => {
  void (async () => {
    if (to !== undefined) {
      target = '';
      await Promise.all(pumps);
      target = to;
      pumps = to === '' ? [] : batches.map(pump);
    }
    process.send!({ acknowledged, refused });
  })();
});
process.once('disconnect', () => process.exit());
