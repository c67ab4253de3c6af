import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { main } from './lib/main.mjs';
import { BENCHMARK_PARTS, PARTS, preparePart } from './lib/parts.mjs';
import { ROOT } from './lib/paths.mjs';
import { progress } from './lib/progress.mjs';
import { runProgram } from './lib/run-program.mjs';

await main(async () => {
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
