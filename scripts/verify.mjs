import { main } from './lib/main.mjs';
import { runTests } from './lib/run-tests.mjs';

// Tests with a matrix run one cell of it by default, and all of it here.
await main(() => runTests({ filters: process.argv.slice(2), env: { GUARDSPAN_VERIFY: 'full' } }));
