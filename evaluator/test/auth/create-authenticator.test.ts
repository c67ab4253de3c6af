import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/auth/create-authenticator.js';
import { hasRole, mayUseService } from '../../src/auth/roles.js';
import { tokenDigest } from '../../src/auth/token-file.js';

let directory: string;
let file: string;
let now: number;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'guardspan-auth-'));
  file = join(directory, 'tokens.yaml');
  now = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const line = (name: string, token: string, rest = 'role: viewer'): string =>
  `  - {name: ${name}, ${rest}, sha256: ${tokenDigest(token).toString('hex')}}\n`;
const open = (problems: string[] = []) =>
  createAuthenticator({
    file,
    env: { T: 'from-the-environment' },
    clock: () => now,
    onProblem: (m) => problems.push(m),
    maxFailures: 2,
  });

describe('createAuthenticator', () => {
  it('knows tokens by digest and by variable, and bounds failures but not valid tokens', () => {
    writeFileSync(file, `tokens:\n${line('ann', 'secret-one')}  - {name: bob, role: admin, value_env: T}\n`);
    const auth = open();
    expect(auth.authenticate('Bearer secret-one', 'a')).toMatchObject({ ok: true, principal: { name: 'ann' } });
    expect(auth.authenticate('Bearer from-the-environment', 'a')).toMatchObject({ principal: { role: 'admin' } });
    expect(auth.authenticate(undefined, 'a')).toMatchObject({ reason: 'missing' });
    expect(auth.authenticate('Bearer wrong', 'a')).toMatchObject({ reason: 'unknown' });
    expect(auth.authenticate('Bearer wrong', 'a')).toMatchObject({ reason: 'throttled', retryAfter: 60 });
    expect(auth.authenticate('Bearer secret-one', 'a').ok).toBe(true);
    expect(auth.authenticate('Bearer wrong', 'b')).toMatchObject({ reason: 'unknown' });
  });

  it('takes a rotated file without a restart and keeps the old one when the new is broken', () => {
    const problems: string[] = [];
    writeFileSync(file, `tokens:\n${line('ann', 'old-secret')}`);
    const auth = open(problems);
    writeFileSync(file, `tokens:\n${line('ann', 'old-secret')}${line('ann', 'new-secret')}`);
    now = 2;
    expect(auth.authenticate('Bearer old-secret', 'a').ok).toBe(true);
    expect(auth.authenticate('Bearer new-secret', 'a').ok).toBe(true);
    writeFileSync(file, 'tokens: nonsense');
    now = 4;
    expect(auth.authenticate('Bearer new-secret', 'a').ok).toBe(true);
    expect(problems).toHaveLength(1);
    writeFileSync(file, `tokens:\n${line('ann', 'new-secret')}`);
    now = 6;
    expect(auth.authenticate('Bearer old-secret', 'a').ok).toBe(false);
  });

  it('reads which tokens speak for users of Grafana, and refuses that to agents', () => {
    writeFileSync(file, `tokens:\n${line('app', 'secret-one', 'role: approver, on_behalf: grafana')}`);
    expect(open().authenticate('Bearer secret-one', 'a')).toMatchObject({ principal: { onBehalf: 'grafana' } });
    writeFileSync(file, `tokens:\n${line('app', 'secret-one', 'role: agent, on_behalf: grafana')}`);
    expect(open).toThrow(/not agent/);
  });

  it('serves only loopback without tokens', () => {
    const auth = createAuthenticator({ file: '', env: {}, clock: () => now });
    expect(auth.authenticate(undefined, '::ffff:127.0.0.1')).toMatchObject({
      principal: { name: 'local', role: 'admin' },
    });
    expect(auth.authenticate(undefined, '10.0.0.1').ok).toBe(false);
  });

  it('refuses a file with an unset variable and never shows a token', () => {
    writeFileSync(file, 'tokens: [{name: ann, role: viewer, value_env: NONE}]');
    expect(() => open()).toThrow(/NONE/);
  });
});

describe('roles', () => {
  it('orders people and keeps agents apart', () => {
    expect(hasRole('approver', 'editor')).toBe(true);
    expect(hasRole('viewer', 'editor')).toBe(false);
    expect(hasRole('agent', 'viewer')).toBe(false);
    expect(hasRole('approver', 'agent')).toBe(false);
  });
  it('binds an agent to services by glob', () => {
    const agent = { name: 'a', role: 'agent' as const, services: ['shop-*-eu'], models: [] };
    expect(mayUseService(agent, 'shop-web-eu')).toBe(true);
    expect(mayUseService(agent, 'shop-eu')).toBe(false);
    expect(mayUseService(agent, 'bank')).toBe(false);
  });
});
