import { Agent, request } from 'node:http';
import { OtlpBatch } from './otlp-batch.js';

/**
 * A program: sends good calls at a steady rate until it is ended. Arguments: URL, spans per second.
 * Messages to the parent: each second `{sent, failed}` in spans.
 */
const [url, rate] = [process.argv[2]!, Number(process.argv[3])];
const SPANS = 250;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
// As many services as batches that may be under way: a buffer is not changed while it is being sent.
const batches = Array.from(
  { length: 64 },
  (_, index) =>
    new OtlpBatch(
      `background-${index % 4}`,
      `background-${index}`,
      Array.from({ length: SPANS }, (_, span) => ({ model: `model-${span % 20}`, duration: 0.05 })),
    ),
);
let next = 0;
let sent = 0;
let failed = 0;

function send(): void {
  const { body } = batches[next++ % batches.length]!.renew();
  const outgoing = request(
    `${url}/v1/traces`,
    { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } },
    (response) => {
      if (response.statusCode === 200) sent += SPANS;
      else failed += SPANS;
      response.resume();
    },
  );
  outgoing.on('error', () => (failed += SPANS));
  outgoing.end(body);
}

const started = performance.now();
let due = 0;
setInterval(() => {
  const target = ((performance.now() - started) / 1000) * (rate / SPANS);
  for (; due < target; due++) send();
}, 5);
setInterval(() => {
  process.send?.({ sent, failed });
  sent = failed = 0;
}, 1000);
process.on('disconnect', () => process.exit(0));
