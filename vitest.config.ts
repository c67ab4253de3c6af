import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests read the sources, so that a stale build can never make them pass. Child processes that a test starts read dist.
    alias: [
      { find: /^@guardspan\/policy\/runtime$/, replacement: src('./policy/src/runtime.ts') },
      { find: /^@guardspan\/policy$/, replacement: src('./policy/src/index.ts') },
      { find: /^@guardspan\/instrumentation$/, replacement: src('./instrumentation/src/index.ts') },
      { find: /^@guardspan\/evaluator$/, replacement: src('./evaluator/src/index.ts') },
      { find: /^@guardspan\/alert-rules$/, replacement: src('./alert-rules/src/index.ts') },
      { find: /^@guardspan\/dashboards$/, replacement: src('./dashboards/src/index.ts') },
      { find: /^@guardspan\/cli$/, replacement: src('./cli/src/index.ts') },
    ],
  },
  test: {
    include: [
      '{policy,instrumentation,evaluator,cli,demo,collector,alert-rules,dashboards}/test/**/*.test.ts',
      'test/{unit,integration}/**/*.test.ts',
      'scripts/test/**/*.test.mjs',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/fixtures/**'],
    // `npm run verify` runs each property many times more, often on a machine that does other things.
    testTimeout: process.env['GUARDSPAN_VERIFY'] === 'full' ? 180_000 : 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    retry: 0,
  },
});
