import http from 'node:http';

/**
 * @typedef {'pass' | 'down' | 'fail' | 'drop' | 'hold' | 'slow'} Fault `down` ends connections without an answer, `fail` answers `status` with the
 *   evaluator's form of a problem, `drop` cuts each event stream after a moment, `hold` lets nothing of an event stream through, `slow` answers everything else late.
 * @typedef {{ fault: Fault, status?: number, method?: string }} Behaviour `method` limits `fail` to requests of a method.
 *
 * @typedef {object} Front
 * @property {string} url What the app is configured with.
 * @property {() => Promise<void>} close
 */

/** How long a stream lives before `drop` cuts it. Milliseconds. */
const DROP_AFTER = 300;
/** How late `slow` answers. Milliseconds. */
const SLOW = 8000;

/**
 * Stands before an evaluator and misbehaves on demand: `PUT /front` with a {@link Behaviour} says how. Listens on loopback.
 *
 * @param {string} evaluatorUrl
 * @param {number} [port]
 * @returns {Promise<Front>}
 */
export async function startFront(evaluatorUrl, port = 0) {
  /** @type {Behaviour} */
  let behaviour = { fault: 'pass' };
  const streams = new Set();
  const server = http.createServer((request, response) => {
    if (request.url === '/front') {
      let text = '';
      request.on('data', (chunk) => (text += chunk));
      request.on('end', () => {
        behaviour = JSON.parse(text);
        // Streams that are open were opened under other rules.
        for (const stream of streams) stream.destroy();
        response.end('{}');
      });
      return;
    }
    const { fault, status = 500, method } = behaviour;
    if (fault === 'down') return void request.socket.destroy();
    if (fault === 'fail' && (method === undefined || method === request.method)) {
      response.writeHead(status, { 'content-type': 'application/problem+json' });
      response.end(
        JSON.stringify({
          ...{ type: 'about:blank', title: 'A fault of the test', status, detail: 'The test asked for this fault.' },
          ...{ code: 'GUARDSPAN_TEST_FAULT', hint: 'Nothing to mend: the test is over soon.', errors: [] },
        }),
      );
      return;
    }
    const events = request.url?.startsWith('/api/v1/events') ?? false;
    const upstream = http.request(
      new URL(request.url ?? '/', evaluatorUrl),
      // A connection of its own: one that the evaluator closes at this moment would look like a fault.
      { method: request.method, headers: { ...request.headers, host: new URL(evaluatorUrl).host }, agent: false },
      (answer) => {
        if (events && fault === 'hold') return void answer.resume();
        const send = () => {
          if (response.destroyed) return;
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.flushHeaders();
          answer.pipe(response);
        };
        if (!events && fault === 'slow') setTimeout(send, SLOW);
        else send();
        if (events && fault === 'drop') setTimeout(() => response.destroy(), DROP_AFTER);
      },
    );
    upstream.on('error', () => response.destroy());
    response.on('close', () => {
      upstream.destroy();
      streams.delete(response);
    });
    if (events) streams.add(response);
    request.pipe(upstream);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the front has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
