import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { channelJsonSchema, DOCUMENT_KINDS, KIND_NAMES, printDetectors, printFailureTable } from '../src/index.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('generated files', () => {
  it.each(KIND_NAMES)('the schema of %s is what its zod schema says', (kind) => {
    const file = `${kind.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.schema.json`;
    const schema = JSON.stringify(DOCUMENT_KINDS[kind].jsonSchema());
    expect(JSON.parse(read(`../schema/${file}`))).toEqual(JSON.parse(schema));
  });
  it('channel.schema.json is what the zod schemas say', () => {
    expect(JSON.parse(read('../schema/channel.schema.json'))).toEqual(JSON.parse(JSON.stringify(channelJsonSchema())));
  });
  it('docs/failure-table.md prints the table that runs', async () => {
    expect(read('../../docs/failure-table.md')).toBe(
      await format(printFailureTable(), { parser: 'markdown', printWidth: 120 }),
    );
  });
  it('docs/detectors.md holds the table of the detectors that run', async () => {
    const table = await format(printDetectors(), { parser: 'markdown', printWidth: 120 });
    expect(read('../../docs/detectors.md')).toContain(table);
  });
});
