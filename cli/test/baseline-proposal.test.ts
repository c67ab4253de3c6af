import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_API } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOperation } from './support/operations.js';
import { guardspan } from './support/run-cli.js';

const BASELINE = { model: 'router', calls: 7_200, events: 144, from: 1_800_000_000, to: 1_800_007_200 };
const WAITING = {
  kind: 'Guardrail',
  name: 'errors',
  revision: 'r2',
  author: 'eddie',
  source: 'calls: 7200\n',
  reason: 'it replaces the baseline of its test.',
};

let server: Server;
let url = '';
let seen: { line: string; body: string; ifMatch: string | undefined }[];
let outcome = 'proposed';
let waiting: object[];
beforeEach(async () => {
  seen = [];
  outcome = 'proposed';
  waiting = [{ ...WAITING, kind: 'DetectorPack', revision: 'other' }, WAITING];
  const answers: { [line: string]: () => object } = {
    'POST /api/v1/guardrails/errors/baseline': () => ({
      ...{ outcome, source: 'the document\n', baseline: BASELINE },
      warnings: outcome === 'valid' ? ['git owns it.'] : [],
    }),
    'GET /api/v1/proposals': () => ({ items: waiting }),
    'GET /api/v1/guardrails/errors': () => ({ source: 'calls: 2400\n' }),
    'POST /api/v1/proposals/guardrails/errors/approve': () => ({ outcome: 'updated' }),
  };
  server = createServer((request, response) => {
    response.setHeader(HTTP_API.HEADER, HTTP_API.VERSION);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const line = `${request.method!} ${request.url!}`;
      seen.push({ line, body, ifMatch: request.headers['if-match'] });
      if (!isOperation(request.method!, request.url!)) throw new Error(`the evaluator does not serve ${line}`);
      response.writeHead(answers[line] === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answers[line]?.() ?? { code: 'GUARDSPAN_NOT_FOUND', detail: 'no such thing' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const run = (...argv: string[]): ReturnType<typeof guardspan> => guardspan(['baseline', ...argv, '--server', url]);

describe('guardspan baseline propose', () => {
  it('asks for one from a series and a time, and says what waits', async () => {
    const options = ['--from', '2027-01-15T08:00:00Z', '--to', '2027-01-15T10:00:00Z', '--series', 'model=router'];
    const { code, out } = await run('propose', ...options, 'errors');
    expect(code).toBe(0);
    expect(out).toBe(
      'guardrail/errors proposed: 7200 calls from 2027-01-15T08:00:00.000Z to 2027-01-15T10:00:00.000Z; it waits for `guardspan baseline approve errors`\n',
    );
    expect(JSON.parse(seen[0]!.body)).toEqual({
      ...{ series: { model: 'router' }, from: 1_800_000_000, to: 1_800_007_200, dryRun: false },
    });
  });

  it('prints the document when git owns it, to be committed', async () => {
    outcome = 'valid';
    const { code, out, err } = await run('propose', 'errors');
    expect(code).toBe(0);
    expect(out.split('\n').slice(1)).toEqual(['the document', '']);
    expect(err).toBe('warning git owns it.\n');
  });

  it.each([
    [['--series', 'router'], '--series router names no value'],
    [['--from', 'yesterday'], '--from yesterday is no time'],
  ])('refuses %j', async (options, message) => {
    const { code, err } = await run('propose', ...options, 'errors');
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(seen).toEqual([]);
  });
});

describe('guardspan baseline approve', () => {
  it('shows what changes, and approves exactly that', async () => {
    const { code, out } = await run('approve', 'errors');
    expect(code).toBe(0);
    expect(out).toContain('-calls: 2400\n+calls: 7200\n');
    expect(out).toContain('approved: proposed by eddie (it replaces the baseline of its test.)');
    expect(seen.at(-1)).toMatchObject({ line: 'POST /api/v1/proposals/guardrails/errors/approve', ifMatch: '"r2"' });
  });

  it('says so when nothing waits', async () => {
    waiting = [];
    const { code, err } = await run('approve', 'errors');
    expect(code).toBe(1);
    expect(err).toContain('no change of errors waits');
  });
});
