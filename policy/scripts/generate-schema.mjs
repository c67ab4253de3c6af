// Writes the JSON Schemas of documents and of the channel from their zod sources, the printed failure table, and the table of detectors in its page. Run after a build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { channelJsonSchema, DOCUMENT_KINDS, printDetectors, printFailureTable } from '../dist/esm/index.js';

const file = (path) => new URL(path, import.meta.url);
const write = (path, value) => writeFileSync(file(path), `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(file('../schema/'), { recursive: true });
for (const { kind, jsonSchema } of Object.values(DOCUMENT_KINDS))
  write(`../schema/${kind.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.schema.json`, jsonSchema());
write('../schema/channel.schema.json', channelJsonSchema());
writeFileSync(file('../../docs/failure-table.md'), printFailureTable());
const page = file('../../docs/detectors.md');
const [before, , after] = readFileSync(page, 'utf8').split(/<!-- \/?detectors -->/);
writeFileSync(page, `${before}<!-- detectors -->\n\n${printDetectors()}\n<!-- /detectors -->${after}`);
