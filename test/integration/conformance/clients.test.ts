import { afterAll, describe, expect, it } from 'vitest';
import { CLIENTS } from '../../src/conformance/clients/all.js';
import { ACTS, type Act } from '../../src/conformance/run/acts.js';
import { MODULES } from '../../src/conformance/run/job.js';
import { linesHere, Suite } from '../../src/conformance/run/suite.js';

const suite = new Suite();
afterAll(() => suite.close());

/** One cell for each client, in turn another; with GUARDSPAN_VERIFY=full all of them. */
const FULL = process.env['GUARDSPAN_VERIFY'] === 'full';
const ONE: readonly Act[] = ['redact', 'dryrun', 'deny-answer'];

describe.each(CLIENTS.map((client, index) => ({ client, index, name: client.name })))('$name', ({ client, index }) => {
  const modules = FULL ? MODULES.filter((module) => module !== 'cjs' || client.commonJs !== false) : (['esm'] as const);
  const acts = FULL ? ACTS : [ONE[index % ONE.length]!];
  const here = linesHere();
  const lines = FULL ? here : [here[index % here.length]!];
  const cells = modules.flatMap((module) => acts.flatMap((act) => lines.map((line) => ({ module, act, line }))));
  it.each(cells)(
    'shows the application the same with us as without, except where an action was taken ($module, $act, OpenTelemetry $line)',
    async ({ module, act, line }) => {
      const rows = await suite.run({ client, module, act, line });
      expect(rows.length).toBeGreaterThan(client.usages.length);
      expect(rows.filter(({ pass }) => !pass)).toEqual([]);
    },
    120_000,
  );
});
