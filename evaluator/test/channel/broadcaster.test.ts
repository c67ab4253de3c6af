import { describe, expect, it } from 'vitest';
import type { ActiveDirective } from '../../src/channel/directives/active-directive.js';
import { Broadcaster } from '../../src/channel/broadcaster.js';
import type { Connection } from '../../src/channel/socket/connection.js';

const CONNECTIONS = 1000;

function directive(id: string): ActiveDirective {
  return {
    wire: { id, expiresIn: 60 } as ActiveDirective['wire'],
    holders: new Set(),
    issuedAt: 1,
    renewedAt: 1,
    releasedAt: 0,
  };
}

/** A broadcaster over connections that only note what they were offered: `<type> <index of the connection>`. */
function broadcaster(count = CONNECTIONS): { sent: string[]; to: Broadcaster } {
  const sent: string[] = [];
  const connections = new Set(
    Array.from({ length: count }, (_, index) => ({
      instance: { resource: { service: 'shop' } },
      group: 'shop',
      offer: ({ text }: { text: string }) => sent.push(`${(JSON.parse(text) as { type: string }).type} ${index}`),
    })),
  ) as unknown as Set<Connection>;
  const options = {
    connections,
    now: () => 1,
    directives: { epoch: 1, seq: 1, held: () => [] },
    outgoing: { reaches: () => true, mayHold: () => true, withShare: (wire: unknown) => wire },
  };
  return { sent, to: new Broadcaster(options as unknown as ConstructorParameters<typeof Broadcaster>[0]) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resume) => setImmediate(resume));
}

describe('a broadcast', () => {
  it('reaches every connection once', async () => {
    const { sent, to } = broadcaster();
    to.issued(directive('d1'));
    await until(() => sent.length === CONNECTIONS);
    expect(new Set(sent)).toEqual(new Set(Array.from({ length: CONNECTIONS }, (_, index) => `directive ${index}`)));
  });

  it('of a directive overtakes renewals that are being written', async () => {
    // So many that writing takes several times as long as changes are collected.
    const count = 20 * CONNECTIONS;
    const { sent, to } = broadcaster(count);
    to.renewed([directive('d1')]);
    await until(() => sent.length > 0);
    to.issued(directive('d2'));
    await until(() => sent.length === 2 * count);
    const types = sent.map((line) => line.split(' ')[0]);
    expect(types.lastIndexOf('directive')).toBeLessThan(types.lastIndexOf('renew'));
    expect(types.filter((type) => type === 'renew')).toHaveLength(count);
  });

  it('of a release follows the directive that it ends', async () => {
    const { sent, to } = broadcaster();
    to.issued(directive('d1'));
    await until(() => sent.length > 0);
    to.released({ ...directive('d1'), releasedAt: 2 }, 'recovered');
    await until(() => sent.length === 2 * CONNECTIONS);
    for (const index of [0, 500, 999])
      expect(sent.indexOf(`directive ${index}`)).toBeLessThan(sent.indexOf(`release ${index}`));
  });
});
