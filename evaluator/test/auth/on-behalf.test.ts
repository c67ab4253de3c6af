import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actingFor } from '../../src/auth/on-behalf.js';
import { ROLES, type Principal } from '../../src/auth/types.js';

const token: Principal = { name: 'app', role: 'approver', services: [], models: [], onBehalf: 'grafana' };
const asUser = (login: string, role?: string): { [name: string]: string } => ({
  'x-grafana-context': JSON.stringify({ UserID: 1, Login: login }),
  ...(role === undefined ? {} : { 'x-guardspan-role': role }),
});

describe('actingFor', () => {
  it('names the user of Grafana, with the role that the route gave', () => {
    expect(actingFor(token, asUser('anna', 'editor'))).toMatchObject({
      ...{ name: 'grafana:anna', role: 'editor', tokenRole: 'approver' },
    });
    expect(actingFor(token, { 'x-grafana-context': '{"login":"bob"}' })).toMatchObject({ name: 'grafana:bob' });
  });

  it('gives no more than reading when the route names no role, or nobody is signed in', () => {
    expect(actingFor(token, asUser('anna')).role).toBe('viewer');
    expect(actingFor(token, asUser('anna', 'root')).role).toBe('viewer');
    expect(actingFor(token, asUser('', 'approver'))).toMatchObject({ name: 'grafana:anonymous', role: 'viewer' });
  });

  it('never gives more than the token has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), fc.constantFrom(...ROLES), (has, wants) => {
        const { role } = actingFor({ ...token, role: has }, asUser('anna', wants));
        const rank = (one: string): number => ROLES.findIndex((other) => other === one);
        expect(rank(role)).toBe(Math.min(rank(has), rank(wants)));
      }),
    );
  });

  it('believes these headers of no other token', () => {
    const { onBehalf: _, ...plain } = token;
    expect(actingFor(plain, asUser('anna', 'admin'))).toEqual(plain);
    expect(actingFor(token, {})).toEqual(token);
  });

  it('refuses a user that it cannot read rather than acting as the token', () => {
    for (const text of ['', 'anna', 'null', '{}', '{"Login":7}', JSON.stringify({ Login: 'x'.repeat(500) })])
      expect(() => actingFor(token, { 'x-grafana-context': text })).toThrow(SyntaxError);
  });
});
