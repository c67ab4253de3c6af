// Writes golden.json of each case in test/cases/document from its input.yaml. Read the difference before committing it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describeLoad } from './describe-load.mjs';
import { loadDocuments } from '../dist/esm/index.js';

const root = new URL('../../test/cases/document/', import.meta.url);
for (const name of readdirSync(root)) {
  const input = readFileSync(new URL(`${name}/input.yaml`, root), 'utf8');
  const golden = describeLoad(loadDocuments(input, { file: 'input.yaml' }));
  writeFileSync(new URL(`${name}/golden.json`, root), `${JSON.stringify(golden, null, 2)}\n`);
}
