import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import {
  channelJsonSchema,
  guardrailJsonSchema,
  printDetectors,
  printFailureTable,
  testSuiteJsonSchema,
} from '../src/index.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('generated files', () => {
  it('guardrail.schema.json is what the zod schema says', () => {
    expect(JSON.parse(read('../schema/guardrail.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(guardrailJsonSchema())),
    );
  });
  it('guardrail-test.schema.json is what the zod schema says', () => {
    expect(JSON.parse(read('../schema/guardrail-test.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(testSuiteJsonSchema())),
    );
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
