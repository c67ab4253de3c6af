// Writes golden.txt of each case in test/cases: what `guardspan check input.yaml` prints there. Read the difference before committing it.
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCli } from '../dist/index.js';

const root = fileURLToPath(new URL('../../test/cases/', import.meta.url));
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (entry.name !== 'input.yaml') continue;
  process.chdir(entry.parentPath);
  let text = '';
  await runCli(['check', 'input.yaml'], { out: (part) => void (text += part), err: () => {}, color: false, env: {} });
  writeFileSync('golden.txt', text);
}
