import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startHttpServer } from '../../src/serve/http-server.js';

it('says which address it cannot have, why, and what to do', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const options = { host: '127.0.0.1', port, handlers: [], onUpgrade: () => undefined, onError: () => undefined };
  await expect(startHttpServer(options)).rejects.toMatchObject({
    code: 'GUARDSPAN_LISTEN_ADDRESS',
    message: `The evaluator cannot listen on 127.0.0.1:${port}: another process listens there.`,
    hint: expect.stringContaining('--listen') as string,
  });
  await new Promise((resolve) => other.close(resolve));
  const { server, url } = await startHttpServer(options);
  expect((await fetch(url)).status).toBe(404);
  server.close();
});
