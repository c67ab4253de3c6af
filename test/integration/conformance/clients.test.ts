import { afterAll, expect, it } from 'vitest';
import { CLIENTS } from '../../src/conformance/clients/all.js';
import type { Act } from '../../src/conformance/run/acts.js';
import { linesHere, Suite } from '../../src/conformance/run/suite.js';

const suite = new Suite();
afterAll(() => suite.close());

/** One cell for each client, in turn another; `npm run verify` runs all of them, many at once. */
const ONE: readonly Act[] = ['redact', 'dryrun', 'redact-tools', 'rewrite', 'deny-answer'];
const lines = linesHere();
const cells = CLIENTS.map((client, index) => ({
  client,
  name: client.name,
  act: ONE[index % ONE.length]!,
  line: lines[index % lines.length]!,
}));

it.each(cells)(
  'shows the application the same with us as without, except where an action was taken ($name, $act, OpenTelemetry $line)',
  async ({ client, act, line }) => {
    const rows = await suite.run({ client, module: 'esm', act, line });
    expect(rows.length).toBeGreaterThan(client.usages.length);
    expect(rows.filter(({ pass }) => !pass)).toEqual([]);
  },
  120_000,
);

it('ends applications that still run when it is closed', async () => {
  const other = new Suite();
  const client = CLIENTS.find(({ name }) => name === 'openai')!;
  // Its usages wait for timeouts of a second in the end.
  const running = other.bare(client, 'esm').catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await other.close();
  expect(String(await running)).toContain('the application of openai (esm) ended with null');
});
