import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { chunkPlanOf } from '../../src/decide/chunk-plan.js';
import type { ChunkPlan } from '../../src/decide/chunk-plan.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { Decision } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const MAIL = '{ mail: { detector: pii, on: output.text, entities: [email] } }';
const TWO =
  '{ mail: { detector: pii, on: output.text, entities: [email] }, keys: { detector: secrets, on: output.text } }';
const TOOLS = '{ redact: { detections: [mail], tools: [pay] } }';

function setOf(...specs: string[]): GuardrailSet {
  const text = specs
    .map(
      (spec, index) =>
        `apiVersion: guardspan/v1alpha1\nkind: Guardrail\nmetadata: { name: g${index} }\nspec: ${spec}\n`,
    )
    .join('---\n');
  const { guardrails, errors } = loadGuardrails(text, { file: 'test.yaml' });
  expect(errors).toEqual([]);
  return GuardrailSet.compile(guardrails.map(({ revision, guardrail }) => ({ revision, guardrail }))).set;
}

const planOf = (...specs: string[]): ChunkPlan => chunkPlanOf(setOf(...specs).plan('chunk', createModelCall()))!;
const spec = (uses: string, when: string, action: string, mode = 'enforce'): string =>
  `{ at: chunk, uses: ${uses}, when: "${when}", action: ${action}, mode: ${mode} }`;

const LIMITED = spec(MAIL, 'mail.count > 0', TOOLS);
const WATCH = spec(TWO, 'keys.count > 0', '{ deny: {} }', 'dryrun');
const NO_PAY = spec('{}', "toolCalls.exists(call, call.name == 'pay')", '{ deny: {} }');

describe('what a plan of a streamed answer can act on', () => {
  it.each<[string, string[], Partial<ChunkPlan>]>([
    ['a redaction that names tools', [LIMITED], { acts: true, actsOnText: false, namesTools: true, readsTools: false }],
    ['the same beside one that only watches texts', [LIMITED, WATCH], { acts: true, actsOnText: false }],
    ['a denial of calls of tools', [NO_PAY, WATCH], { acts: true, actsOnText: false, readsTools: true }],
    [
      'a redaction that names no tool',
      [spec(MAIL, 'mail.count > 0', '{ redact: { detections: [mail] } }')],
      { actsOnText: true },
    ],
    [
      'a redaction that names tools, on a condition about texts',
      [spec(TWO, 'keys.count > 0', TOOLS)],
      { actsOnText: true },
    ],
    ['a denial by texts', [LIMITED, spec(MAIL, 'mail.count > 0', '{ deny: {} }')], { actsOnText: true }],
    ['what only watches', [WATCH], { acts: false, actsOnText: false }],
    [
      'an annotation',
      [spec(MAIL, 'mail.count > 0', '{ annotate: { attributes: { a: b } } }')],
      { acts: false, actsOnText: false },
    ],
    [
      'what is enforced in one environment only',
      [
        `{ at: chunk, uses: ${MAIL}, when: "mail.count > 0", action: { deny: {} }, mode: dryrun, overrides: [{ environments: [prod], mode: enforce }] }`,
      ],
      { acts: true, actsOnText: true },
    ],
  ])('%s', (_name, specs, expected) => {
    expect(planOf(...specs)).toMatchObject(expected);
  });
});

describe('a text that is too long to be judged', () => {
  const decide = (failedText: boolean, ...specs: string[]): Decision =>
    setOf(...specs).decide({
      point: 'chunk',
      call: createModelCall(),
      texts: () => [],
      directives: [],
      freshness: 'live',
      host: QUIET_HOST,
      failure: 'saturated',
      failedText,
    });

  it('is no business of what only tools are given to judge, and of all others', () => {
    expect(decide(true, LIMITED, NO_PAY)).toMatchObject({ end: null, verdicts: [] });
    const watched = decide(true, LIMITED, WATCH);
    expect(watched.end).toBeNull();
    expect(watched.verdicts.map(({ guardrail, code }) => [guardrail, code])).toEqual([['g1', 'saturated']]);
  });

  it('ends the answer when it may be what a tool is given', () => {
    expect(decide(false, LIMITED).end).toMatchObject({ guardrail: 'g0' });
    expect(decide(false, NO_PAY).end).toMatchObject({ guardrail: 'g0' });
  });
});
