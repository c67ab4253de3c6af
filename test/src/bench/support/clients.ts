import { CHANNEL_PROTOCOL, FEATURE_LEVEL } from '@guardspan/policy';
import type { HelloMessage, ServerMessage } from '@guardspan/policy';
import { WebSocket } from 'ws';

/**
 * A program: opens many connections of the channel and tells its parent when each applied a directive.
 * Arguments: URL, number, service. Messages to the parent: `{ready: true}`, then per directive
 * `{scope, received: number[]}` once the last connection has it, in ms of the machine's monotonic clock.
 */
const [url, count, service] = [process.argv[2]!, Number(process.argv[3]), process.argv[4]!];
const received = new Map<string, { scope: { [field: string]: string }; times: number[] }>();
let ready = 0;

function open(index: number): void {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/channel`, CHANNEL_PROTOCOL, {
    perMessageDeflate: false,
  });
  socket.on('open', () => socket.send(JSON.stringify(hello(index))));
  socket.on('error', (error) => {
    process.stderr.write(`client ${index}: ${error.message}\n`);
    process.exit(1);
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ServerMessage;
    if (message.type === 'directive') {
      const at = Number(process.hrtime.bigint()) / 1e6;
      for (const { id, scope } of message.directives) note(id, scope, at);
      // Confirmations come spread out, as they do from a thousand machines: here one process would spend its time on them instead of receiving.
      setTimeout(() => {
        socket.send(
          JSON.stringify({ type: 'applied', directives: message.directives.map(({ id }) => id), released: [] }),
        );
      }, Math.random() * 100);
    } else if (message.type === 'ping')
      socket.send(JSON.stringify({ type: 'pong', nonce: message.nonce, clock: Date.now() / 1000 }));
    else if (message.type === 'snapshot') {
      socket.send(JSON.stringify({ type: 'ack', revision: message.revision }));
      if (++ready === count) process.send!({ ready: true });
    }
  });
}

function note(id: string, scope: { [field: string]: string }, at: number): void {
  let entry = received.get(id);
  if (entry === undefined) received.set(id, (entry = { scope, times: [] }));
  entry.times.push(at);
  if (entry.times.length < count) return;
  received.delete(id);
  process.send!({ scope, received: entry.times });
}

function hello(index: number): HelloMessage {
  return {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel: FEATURE_LEVEL,
    instance: `bench-${index}`,
    incarnation: `bench-${process.pid}-${index}`,
    sdk: { name: 'bench', version: '1' },
    resource: { service, serviceVersion: '1', environment: '', host: 'bench', pid: process.pid },
    capabilities: [{ client: 'function', version: '', at: 'request', actions: ['deny', 'reroute'], streamed: false }],
    callSites: [{ client: 'function', model: '*', version: '' }],
    targets: [{ name: 'previous' }],
    allow: { actions: ['deny', 'reroute'] },
    have: { revision: '', epoch: 0, directiveSeq: 0 },
  };
}

for (let index = 0; index < count; index++) open(index);
process.on('disconnect', () => process.exit(0));
