import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_API } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOperation } from './support/operations.js';
import { guardspan } from './support/run-cli.js';
import type { CliResult } from './support/run-cli.js';

const waiting = {
  ...{ verdictId: 'v1', guardrail: 'errors', scope: { model: 'risk', service: 'shop' }, at: 1_700_000_000 },
  ...{ reason: 'approval', until: 1_700_000_900, onTimeout: 'execute' },
};
let server: Server;
let pending: unknown[];
let asked: string[];
beforeEach(async () => {
  pending = [waiting];
  asked = [];
  server = createServer((request, response) => {
    response.setHeader(HTTP_API.HEADER, HTTP_API.VERSION);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`.trim());
      if (!isOperation(request.method!, request.url!)) throw new Error(`the evaluator does not serve ${request.url}`);
      const known = request.method === 'GET' || request.url?.includes('/directives/v1/') === true;
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      const problem = {
        status: 404,
        code: 'GUARDSPAN_NOT_FOUND',
        detail: 'No action of a verdict v9 waits.',
        hint: 'List what waits.',
      };
      response.end(JSON.stringify(known ? { items: [], pending, approved: true } : problem));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => void server.close());

function run(...argv: string[]): Promise<CliResult> {
  return guardspan(['verdicts', ...argv, '--server', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
}

describe('guardspan verdicts', () => {
  it('shows what waits for a person, why, and what comes without an answer', async () => {
    const { code, out } = await run('pending');
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['VERDICT', 'GUARD-RAIL', 'SCOPE', 'SINCE', 'WHY', 'WITHOUT AN ANSWER'],
      [
        ...['v1', 'errors', 'model=risk, service=shop', '2023-11-14T22:13:20.000Z', 'approval'],
        'execute at 2023-11-14T22:28:20.000Z',
      ],
    ]);
    pending = [{ ...waiting, scope: {}, until: 0, onTimeout: '', reason: 'max_scopes' }];
    expect((await run('pending')).out).toMatch(/everything .* max_scopes +never\n$/);
    pending = [];
    expect((await run('pending')).out).toBe('nothing waits for a person\n');
  });

  it.each([
    ['approve', 'v1 approved: the action is taken\n'],
    ['reject', 'v1 rejected: the action is not taken\n'],
  ])('%s sends the answer with its reason', async (answer, said) => {
    expect(await run(answer, 'v1', '--reason', ' seen it ')).toEqual({ code: 0, out: said, err: '' });
    expect(asked).toEqual([`POST /api/v1/directives/v1/${answer} {"reason":"seen it"}`]);
  });

  it('needs a reason, and says what does not wait', async () => {
    expect(await run('approve', 'v1')).toMatchObject({ code: 2, err: expect.stringContaining("'--reason <text>'") });
    expect(await run('approve', 'v1', '--reason', ' ')).toEqual({
      ...{ code: 2, out: '', err: 'error GUARDSPAN_COMMAND_LINE the reason is empty\n  say why: --reason "..."\n' },
    });
    const { code, err } = await run('reject', 'v9', '--reason', 'no');
    expect([code, err]).toEqual([1, expect.stringContaining('No action of a verdict v9 waits.')]);
  });
});
