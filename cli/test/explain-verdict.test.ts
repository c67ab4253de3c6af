import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_API } from '@guardspan/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const EXPLANATION = {
  guardrail: 'equal-selection',
  series: { model: 'credit' },
  state: 'firing',
  summary: 'Broken: evidence 14 of 13.5 nats after 900 calls.',
  promise: { status: 'kept', reasons: [], text: 'Promised: 1 false alarm(s) in 90 days at most.' },
  firstOffendingBucket: 1_800_000_000,
  groups: [{ stratum: 'A', group: 'f', calls: 400, rate: 0.2 }],
  causes: [{ kind: 'group', field: 'sex', value: 'f in A', calls: 400, after: 0.2, before: 0.41, score: 31.5 }],
  exampleTraceIds: [],
  suppressed: 1,
};
const server = createServer((request, response) => {
  response.setHeader(HTTP_API.HEADER, HTTP_API.VERSION);
  const found = request.url === '/api/v1/verdicts/v1/explanation';
  response.writeHead(found ? 200 : 404, { 'content-type': found ? 'application/json' : 'application/problem+json' });
  const problem = {
    title: 'Not Found',
    code: 'GUARDSPAN_NOT_FOUND',
    detail: 'No guard-rail with a test holds it.',
    hint: 'Replay.',
  };
  response.end(JSON.stringify(found ? EXPLANATION : problem));
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('guardspan explain --verdict', () => {
  it('prints evidence, promise, onset, groups and causes', async () => {
    const { code, out } = await guardspan(['explain', '--verdict', 'v1', '--server', url]);
    expect(code).toBe(0);
    for (const part of [
      'equal-selection model=credit is firing',
      'Promised',
      '2027-01-15T08:00:00',
      'f in A',
      '31.5',
      '1 cell(s)',
    ])
      expect(out).toContain(part);
  });
  it('hands the whole of it over as JSON', async () => {
    const { out } = await guardspan(['explain', '--verdict', 'v1', '--server', url, '--format', 'json']);
    expect(JSON.parse(out)).toEqual(EXPLANATION);
  });
  it('says so when no such verdict holds', async () => {
    const { code, err } = await guardspan(['explain', '--verdict', 'v2', '--server', url]);
    expect(code).toBe(1);
    expect(err).toContain('No guard-rail with a test holds it.');
  });
  it('asks for a call or a verdict', async () => {
    const { code, err } = await guardspan(['explain']);
    expect(code).toBe(2);
    expect(err).toContain('--verdict ID');
  });
});
