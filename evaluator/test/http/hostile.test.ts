import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasRole } from '../../src/auth/roles.js';
import { ROLES, type Role } from '../../src/auth/types.js';
import { routes } from '../../src/http/routes/index.js';
import { startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const TOKENS: { [role in Role]: string } = {
  viewer: 'vera-viewer',
  editor: 'eddie-editor',
  approver: 'anna-approver',
  admin: 'ada-admin',
  agent: 'shop-agent',
};
/** The page that people read, which is not what the code reads. */
const PAGE = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
const documented = [...PAGE.matchAll(/^\| `(GET|PUT|POST|DELETE) (\S+)` +\| (\S+) +\|/gm)].map(
  ([, method, path, role]) => ({ method: method!, path: path!, role: role as Role }),
);

describe('who may do what', () => {
  it('is written down for every operation', () => {
    const served = routes.map(({ method, path, role }) => `${method} ${path} ${String(role)}`);
    expect(documented.map(({ method, path, role }) => `${method} ${path} ${role}`).sort()).toEqual(served.sort());
    expect(served.length).toBeGreaterThan(40);
  });

  it.each(documented)('$method $path: $role', async ({ method, path, role }) => {
    const address = path.replace(/\{[^}]+\}/g, 'x');
    // A body of a type that nobody takes: whoever is let in gets no further than this.
    const options = method === 'GET' ? {} : { body: 'x', headers: { 'content-type': 'image/png' } };
    const ask = async (token: string): Promise<{ status: number; code: string }> => {
      const response = await h.call(method, address, token, options);
      const refused = response.status >= 400 ? ((await response.json()) as { code: string }).code : '';
      await response.body?.cancel().catch(() => undefined);
      return { status: response.status, code: refused };
    };
    for (const nobody of ['', 'not-a-token']) expect((await ask(nobody)).status, nobody).toBe(401);
    for (const one of [...ROLES, 'agent'] as const) {
      const { status, code } = await ask(TOKENS[one]);
      if (hasRole(one, role)) expect([401, 403, 500], `${one} gets ${code}`).not.toContain(status);
      else expect([status, code], one).toEqual([403, 'GUARDSPAN_FORBIDDEN']);
    }
    expect(h.faults).toEqual([]);
  });
});

/** Sends bytes as they are; a client library would mend them. */
async function raw(text: string): Promise<string> {
  const { port } = new URL(h.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('requests that no client of ours sends', () => {
  it.each(['//', '//[', 'http://[', '/\\\\x:99999', '*', '/api/v1/%', '/api/v1/guardrails/%ff'])(
    'has nothing at %s, and no fault',
    async (target) => {
      const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(h.faults).toEqual([]);
    },
  );

  it.each(['../../etc/passwd', '..', '__proto__', 'constructor', 'a\0b', '\u202e'])(
    'knows no guard-rail %j',
    async (name) => {
      const response = await h.call('GET', `/api/v1/guardrails/${encodeURIComponent(name)}`, 'ada-admin');
      expect(response.status).toBe(404);
      expect(h.faults).toEqual([]);
    },
  );

  it.each([
    ['POST', '/api/v1/decide', 'application/json'],
    ['POST', '/v1/data/guardspan/decide', 'application/json'],
    ['POST', '/api/v1/kill', 'application/json'],
    ['PUT', '/api/v1/guardrails/x', 'application/json'],
    ['PUT', '/api/v1/guardrails/x', 'application/yaml'],
  ])('%s %s refuses 100,000 brackets as %s', async (method, path, type) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const body = `{"call":{"features":{"a":${deep}}},"input":{"call":{"features":{"a":${deep}}}}}`;
    const headers = { 'content-type': type, 'if-none-match': '*' };
    const response = await h.call(method, path, 'ada-admin', { body, headers });
    expect([400, 422]).toContain(response.status);
    expect(await response.text()).toMatch(/nested (deeper|too deeply)/);
    expect(h.faults).toEqual([]);
  });

  it('takes brackets in texts for what they are', async () => {
    const prompt = { text: `${'['.repeat(200)} \\" ${'{'.repeat(200)}` };
    const body = { at: 'request', call: { service: 'shop', model: { name: 'm' } }, prompt };
    const response = await h.call('POST', '/api/v1/decide', 'ada-admin', { body });
    expect(await response.text()).not.toContain('nested');
  });

  it('keeps `__proto__` of a query and of a body to itself', async () => {
    await h.call('GET', '/api/v1/verdicts?__proto__=x&constructor=y', 'ada-admin');
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    await h.call('POST', '/api/v1/kill', 'ada-admin', { body, headers: { 'content-type': 'application/json' } });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(h.faults).toEqual([]);
  });
});
