import { main } from './lib/main.mjs';
import { runTests } from './lib/run-tests.mjs';

await main(() => runTests({ filters: process.argv.slice(2) }));
