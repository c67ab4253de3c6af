import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  availableAt,
  CALL_VARIABLES,
  FIELD_PHASE,
  guardrailJsonSchema,
  loadGuardrails,
  runGuardrailTests,
} from '../src/index.js';

const docs = new URL('../../docs/', import.meta.url);
const examples = readdirSync(new URL('examples/', docs)).filter((file) => file.endsWith('.yaml'));
const page = readFileSync(new URL('guardrails.md', docs), 'utf8');

describe('documentation', () => {
  it.each(examples)('examples/%s loads and passes its own tests', (file) => {
    const { guardrails, suites, errors } = loadGuardrails(readFileSync(new URL(`examples/${file}`, docs), 'utf8'), {
      file,
    });
    expect(errors).toEqual([]);
    const results = guardrails.flatMap(runGuardrailTests);
    // Suites run in cli/test/test.test.ts, which has an engine.
    expect(results.length + suites.length).toBeGreaterThan(0);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
  });
  it('guardrails.md shows documents that load', () => {
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) expect(loadGuardrails(block, { file: 'guardrails.md' }).errors).toEqual([]);
  });
  it('guardrails.md has a row for each key of spec, and for no other', () => {
    const { spec } = (guardrailJsonSchema() as { properties: { spec: { properties: object } } }).properties as {
      spec: { properties: object };
    };
    const section = page.slice(page.indexOf('## Keys of `spec`'), page.indexOf('Durations have a unit'));
    const rows = [...section.matchAll(/^\| (`[^|]*`)\s*\|/gm)].flatMap(([, cell]) => cell!.match(/\w+/g) ?? []);
    expect([...rows, 'description'].sort()).toEqual(Object.keys(spec.properties).sort());
  });
  it('guardrails.md lists each field under the point from which it exists', () => {
    const rows = page.split('\n').filter((line) => /\| (request|chunk|response|windows)\s*\|$/.test(line));
    for (const name of Object.keys(CALL_VARIABLES)) {
      const phase = FIELD_PHASE[name]!;
      const points = ['request', 'chunk', 'response'] as const;
      const point = points.find((each) => availableAt(phase, each)) ?? 'windows';
      const row = rows.find((line) => new RegExp(`\\b${name}\\b`).test(line.replace(/\{[^}]*\}/g, '')));
      expect(row, name).toMatch(new RegExp(`\\| ${point}\\s*\\|$`));
    }
  });
});
