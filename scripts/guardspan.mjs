import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { main } from './lib/main.mjs';
import { runProgram } from './lib/run-program.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return runProgram('cli/dist/main.js', process.argv.slice(2));
});
