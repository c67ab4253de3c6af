import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import { bindGuardrails } from '../../src/document/bind-guardrails.js';
import { loadDocuments } from '../../src/document/load-documents.js';
import { runGuardrailTests } from '../../src/document/run-tests.js';

const root = new URL('../../../test/cases/document/', import.meta.url);
const seeds = readdirSync(root).map((name) => readFileSync(new URL(`${name}/input.yaml`, root), 'utf8'));
const runs = process.env.GUARDSPAN_VERIFY === 'full' ? 100_000 : 2000;
const scrap = fc.constantFrom(
  '',
  ' ',
  '\n',
  ':',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '!',
  '&a',
  '*a',
  '---\n',
  '- ',
  '5m',
  '0',
  '1e999',
  'null',
  '__proto__',
  'constructor',
  '\u0000',
  '😀',
  '>-',
);

it(
  `${runs} mutated documents never crash the loader nor take 50 ms of a processor, and what it lets through can be compiled`,
  { timeout: 900_000 },
  () => {
    // The first documents pay for the compiler of this machine, the others for themselves.
    for (const seed of seeds) loadDocuments(seed, { file: 'warm.yaml' });
    const mutation = fc.record({ at: fc.nat(), drop: fc.nat({ max: 12 }), insert: scrap });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 1, maxLength: 4 }), (seed, mutations) => {
        let text = seed;
        for (const { at, drop, insert } of mutations) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + drop);
        }
        const before = performance.now();
        const { user } = process.cpuUsage();
        const { documents, errors } = loadDocuments(text, { file: 'fuzz.yaml' });
        // A machine that does something else at that moment is no hang: what is slow by the clock must also be slow by the processor.
        if (performance.now() - before > 50)
          expect((process.cpuUsage().user - user) / 1000, JSON.stringify(text)).toBeLessThan(50);
        const written = documents.Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
        for (const error of errors) {
          expect(error.code).toMatch(/^GUARDSPAN_/);
          expect(error.hint).not.toBe('');
          expect(error.line).toBeGreaterThan(0);
          expect(error.column).toBeGreaterThan(0);
        }
        const bindings = { exceptions: documents.GuardrailException, packs: documents.DetectorPack };
        const bound = bindGuardrails(written, bindings);
        // What a pack lacks is found where documents come together.
        const broken = GuardrailSet.compile(bound).errors.map(({ code }) => code);
        expect(broken.filter((code) => !/^GUARDSPAN_(PACK|DETECTOR)_UNKNOWN$/.test(code))).toEqual([]);
        for (const guardrail of bound) runGuardrailTests(guardrail);
      }),
      { numRuns: runs, seed: 4711 },
    );
  },
);
