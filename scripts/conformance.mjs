import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { saysHelp } from './lib/help.mjs';
import { main } from './lib/main.mjs';
import { BENCHMARK_PARTS, PARTS, preparePart } from './lib/parts.mjs';
import { ROOT } from './lib/paths.mjs';
import { progress } from './lib/progress.mjs';
import { runProgram } from './lib/run-program.mjs';

const USAGE = `Usage: npm run conformance -- <suite> [options]
Runs what applications do with each client, bare and guarded, and compares what they see.

  --json            print one JSON object last
  --report FILE     write it to a file, too
  --client NAMES    only these clients, separated by commas
  --module NAMES    esm, cjs, worker
  --act NAMES       what the guard does, e.g. none, dryrun, deny, redact
  --line NAMES      lines of OpenTelemetry: 2.x, 3.x
  --resume          take over cells that an earlier run of the same build finished`;

await main(async () => {
  if (saysHelp(process.argv.slice(2), USAGE)) return 0;
  const [name, ...args] = process.argv.slice(2);
  const names = suites();
  if (name === undefined || !names.includes(name)) {
    if (name !== undefined) process.stderr.write(`There is no conformance suite "${name}".\n`);
    process.stderr.write(`Usage: npm run conformance -- <name> [--json]\nSuites: ${names.join(', ') || 'none'}\n`);
    return 2;
  }
  await ensureInstalled();
  await ensureBuilt();
  const env = {};
  for (const part of [...PARTS, ...BENCHMARK_PARTS].filter(({ conformance = [] }) => conformance.includes(name))) {
    const prepared = await preparePart(part);
    if ('missing' in prepared) progress(`without ${part.name}: ${prepared.missing}`);
    else Object.assign(env, prepared.env);
  }
  return runProgram(`test/dist/conformance/${name}.js`, args, env);
});

/** Each file directly in test/src/conformance is a suite; what it stands on is in folders below. */
function suites() {
  const folder = join(ROOT, 'test', 'src', 'conformance');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}
