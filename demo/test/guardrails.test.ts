import { readdirSync, readFileSync } from 'node:fs';
import {
  applyRedactions,
  compileWindowed,
  createModelCall,
  detectText,
  loadGuardrails,
  runGuardrailTests,
} from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { Application } from '../src/admissions/berkeley-table.js';
import { applications, BERKELEY_1973, DEPARTMENTS } from '../src/admissions/berkeley-table.js';
import { PROMPTS } from '../src/assistant/prompts.js';
import { createState } from '../src/scenario/run-scenario.js';

const folder = new URL('../guardrails/', import.meta.url);
const files = readdirSync(folder);
const loaded = files.map((file) => loadGuardrails(readFileSync(new URL(file, folder), 'utf8'), { file }));
const guardrails = loaded.flatMap((result) => result.guardrails);
const byName = new Map(guardrails.map((revised) => [revised.guardrail.metadata.name, revised]));

describe('guard-rails of the demonstration', () => {
  it('load without errors', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(loaded.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it.each(guardrails.map((revised) => [revised.guardrail.metadata.name, revised] as const))(
    '%s is enforced, carries tests and passes them',
    (_, revised) => {
      const results = runGuardrailTests(revised);
      expect(revised.guardrail.spec.mode).toBe('enforce');
      expect(results.length).toBeGreaterThan(1);
      expect(results.filter(({ passed }) => !passed)).toEqual([]);
    },
  );

  it('answer each fault of the scenario with its action', () => {
    for (const { guardrail, action } of createState('direct', '').faults)
      expect(byName.get(guardrail)?.guardrail.spec.action.type, guardrail).toBe(action);
  });
});

describe('redact-personal-data', () => {
  const use = byName.get('redact-personal-data')!.guardrail.spec.uses.pii!;

  it.each(PROMPTS.map(({ text, personal }) => [text, personal] as const))('%s', (text, personal) => {
    const findings = detectText(use.detector, text, { entities: use.entities, minScore: use.minScore });
    expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual(personal);
    const redacted = applyRedactions(
      text,
      findings.map(({ entity, start, end }) => ({ start, end, replacement: `<${entity}>` })),
    );
    for (const secret of personal) expect(redacted).not.toContain(secret);
  });
});

describe('equal-admission', () => {
  const revised = byName.get('equal-admission')!;
  const over = revised.guardrail.spec.over!;
  const compiled = compileWindowed(revised);
  const z = 3.2905267314918945;
  /** Wilson's interval, written from its definition: the p for which (k/n - p)^2 = z^2 p (1 - p) / n. */
  function wilson(k: number, n: number): [number, number] {
    const a = n + z * z;
    const b = -(2 * k + z * z);
    const c = (k * k) / n;
    const root = Math.sqrt(b * b - 4 * a * c);
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
  }
  function breach(women: readonly [number, number], men: readonly [number, number]): boolean {
    const [w, m] = [women, men].map(([k, n]) => ({ value: k / n, interval: wilson(k, n), samples: n }));
    return compiled.breach({
      value: { women: w!.value, men: m!.value },
      samples: { women: w!.samples, men: m!.samples },
      lower: { women: w!.interval[0], men: m!.interval[0] },
      upper: { women: w!.interval[1], men: m!.interval[1] },
    });
  }

  it.each(DEPARTMENTS)('is silent about department %s as it was in 1973', (department) => {
    const { men, women } = BERKELEY_1973[department];
    expect(breach([women[0], women[0] + women[1]], [men[0], men[0] + men[1]])).toBe(false);
  });

  it('compares within departments because the university as a whole misleads', () => {
    const cells = Object.values(BERKELEY_1973);
    const rate = (sex: 'men' | 'women'): number =>
      cells.reduce((sum, cell) => sum + cell[sex][0], 0) /
      cells.reduce((sum, cell) => sum + cell[sex][0] + cell[sex][1], 0);
    expect(rate('women') / rate('men')).toBeLessThan(0.8);
    for (const { men, women } of cells)
      expect(women[0] / (women[0] + women[1])).toBeGreaterThan((0.8 * men[0]) / (men[0] + men[1]));
  });

  /** Applications that are decided until the guard-rail speaks about one of them, judged after each; Infinity when it never does. */
  function spokenAfter(decide: (application: Application) => boolean): number {
    const counts = new Map<string, { male: [number, number]; female: [number, number] }>();
    for (const [index, application] of applications(1973).entries()) {
      const { department, sex } = application;
      let count = counts.get(department);
      if (count === undefined) counts.set(department, (count = { male: [0, 0], female: [0, 0] }));
      count[sex][0] += decide(application) ? 1 : 0;
      count[sex][1] += 1;
      if (Math.min(count.male[1], count.female[1]) < over.minSamples) continue;
      if (breach(count.female, count.male)) return index + 1;
    }
    return Infinity;
  }

  it('is silent after each of the 4,526 decisions of the honest version, in their order', () => {
    expect(spokenAfter(({ admitted }) => admitted)).toBe(Infinity);
  });

  it('speaks within a round of the table about the biased version', () => {
    const applied = spokenAfter(({ admitted, society }) => admitted && society === 0);
    expect(applied).toBeGreaterThan(over.minSamples);
    expect(applied).toBeLessThan(4526 / 2);
  });

  it('speaks when nearly no woman is admitted any more', () => {
    expect(breach([5, 108], [512, 825])).toBe(true);
  });

  it('measures by sex and chooses calls by model, version and department only', () => {
    const empty = createModelCall();
    const call = {
      ...empty,
      service: 'admissions',
      model: { ...empty.model, name: 'admissions', version: '2' },
      features: { department: 'A' },
      group: { sex: 'female' },
    };
    expect(compiled.matches(call)).toBe(true);
    expect(compiled.matches({ ...call, service: 'other' })).toBe(false);
    expect(compiled.seriesValues(call)).toEqual(['admissions', '2', 'A']);
    expect(revised.guardrail.spec.scope).toEqual(['model', 'model_version']);
  });
});
