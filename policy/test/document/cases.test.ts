import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeLoad } from '../../scripts/describe-load.mjs';
import { loadDocuments } from '../../src/document/load-documents.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';

const root = new URL('../../../test/cases/document/', import.meta.url);
const cases = readdirSync(root).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}/golden.json`, root), 'utf8'));

describe('document cases', () => {
  it.each(cases)('%s', (name) => {
    const input = readFileSync(new URL(`${name}/input.yaml`, root), 'utf8');
    const loaded = describeLoad(loadDocuments(input, { file: 'input.yaml' }));
    expect(JSON.parse(JSON.stringify(loaded))).toEqual(golden(name));
  });

  it('show every code that loading can raise, apart from those of sizes', () => {
    // Laying out and running tests are not loading; the shape lets no duration through that cannot be read.
    const other = new Set(['format-documents.ts', 'run-tests.ts', 'duration.ts']);
    const folder = new URL('../../src/document/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts') && !other.has(file))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const patterns = readFileSync(new URL('../../src/detect/pack/check-pattern.ts', import.meta.url), 'utf8');
    const conditions = readFileSync(new URL('../../src/condition/compile-condition.ts', import.meta.url), 'utf8');
    const raised = new Set([
      ...([...sources, patterns].join('').match(/GUARDSPAN_[A-Z_]+/g) ?? []),
      ...(conditions.match(/GUARDSPAN_CEL_[A-Z_]+/g) ?? []),
    ]);
    const shown = new Set(JSON.stringify(cases.map(golden)).match(/GUARDSPAN_[A-Z_]+/g));
    expect([...raised].filter((code) => !shown.has(code)).sort()).toEqual([
      // A file of its own would hold a mebibyte: the test below makes it.
      'GUARDSPAN_DOC_TOO_LARGE',
    ]);
  });
});

describe('loadGuardrails', () => {
  it('refuses a file that is too large', () => {
    const { errors } = loadGuardrails('#'.repeat(1_048_577), { file: 'big.yaml' });
    expect(errors.map(({ code, line }) => [code, line])).toEqual([['GUARDSPAN_DOC_TOO_LARGE', 1]]);
  });
  it('refuses aliases that expand without end', () => {
    const levels = Array.from({ length: 20 }, (_, i) => `a${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1}, *a${i - 1}`}]`);
    const { errors } = loadGuardrails(levels.join('\n'), { file: 'bomb.yaml' });
    expect(errors.map(({ code }) => code)).toEqual(['GUARDSPAN_DOC_UNREADABLE']);
  });
  it('reads JSON as well, and gives one revision to one meaning', () => {
    const yaml = readFileSync(new URL('valid-inline/input.yaml', root), 'utf8');
    const json = JSON.stringify({
      apiVersion: 'guardspan/v1alpha1',
      kind: 'Guardrail',
      metadata: { name: 'a' },
      spec: {
        mode: 'dryrun',
        action: { deny: { status: 403 } },
        when: 'streamed && attrs.tier == "free"',
        at: 'request',
      },
    });
    const [a, b] = [yaml, json].map((text) => loadGuardrails(text, { file: 'x' }).guardrails[0]!.revision);
    expect(a).toBe(b);
  });
});
