import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CLIENTS } from './clients/all.js';
import { ACTS } from './run/acts.js';
import { MODULES } from './run/job.js';
import { Suite, type Cell, type Row } from './run/suite.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    client: { type: 'string', default: '' },
    module: { type: 'string', default: '' },
    act: { type: 'string', default: '' },
  },
});

function chosen<T extends string>(all: readonly T[], names: string): T[] {
  return all.filter((each) => names === '' || names.split(',').includes(each));
}

function cells(): Cell[] {
  const names = chosen(
    CLIENTS.map(({ name }) => name),
    options.client,
  );
  return CLIENTS.filter(({ name }) => names.includes(name)).flatMap((client) =>
    chosen(MODULES, options.module)
      .filter((module) => module !== 'cjs' || client.commonJs !== false)
      .flatMap((module) => chosen(ACTS, options.act).map((act) => ({ client, module, act }))),
  );
}

async function main(): Promise<void> {
  const suite = new Suite();
  const rows: Row[] = [];
  const waiting = cells();
  const worker = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      const done = await suite.run(cell);
      rows.push(...done);
      const failed = done.filter(({ pass }) => !pass);
      const name = `${cell.client.name} as ${cell.module}, ${cell.act}`;
      process.stderr.write(`${name}: ${done.length - failed.length} of ${done.length}\n`);
      for (const { usage, reason } of failed) process.stderr.write(`  ${usage}: ${reason}\n`);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
  } finally {
    await suite.close();
  }
  const failed = rows.filter(({ pass }) => !pass).length;
  const clients = [...new Set(rows.map(({ client }) => client))];
  const result = { passed: rows.length - failed, failed, clients, rows };
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${result.passed} passed, ${failed} failed: ${clients.join(', ')}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
