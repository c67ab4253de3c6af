// Writes golden.txt of each case in test/cases: what `guardspan check input.yaml` prints there. Read the difference before committing it.
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCli } from '../dist/index.js';

/** Cases that hold dates are judged at one time. */
const NOW = Date.parse('2026-01-01') / 1000;
const root = fileURLToPath(new URL('../../test/cases/', import.meta.url));
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (entry.name !== 'input.yaml') continue;
  process.chdir(entry.parentPath);
  let text = '';
  const io = { out: (part) => void (text += part), err: () => {}, color: false, env: {}, now: () => NOW };
  await runCli(['check', 'input.yaml'], io);
  writeFileSync('golden.txt', text);
}
