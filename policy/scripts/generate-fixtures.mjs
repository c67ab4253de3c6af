// Writes test/fixtures/v1/{decide,mask}/*.json from the hand-written inputs below. Published fixtures are frozen: add, never change.
import { mkdirSync, writeFileSync } from 'node:fs';
import * as policy from '../dist/esm/index.js';
import { playDecide, playMask } from './play-fixture.mjs';
import { DECIDE, MASK } from './fixture-inputs.mjs';

const root = new URL('../../test/fixtures/v1/', import.meta.url);

function guardrailsOf(documents) {
  return documents.map((spec, index) => {
    const name = spec.name ?? `guard-${'abcdefgh'[index]}`;
    const { name: _name, exceptions, ...rest } = spec;
    const document = { apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name }, spec: rest };
    const { guardrails, errors } = policy.loadGuardrails(JSON.stringify(document), { file: name });
    if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
    const { revision, guardrail } = guardrails[0];
    if (exceptions === undefined) return { revision, guardrail };
    // As an evaluator binds them.
    const bound = { ...guardrail, spec: { ...guardrail.spec, exceptions } };
    return { revision: policy.revisionOf(bound), guardrail: bound };
  });
}

function write(folder, name, content) {
  mkdirSync(new URL(`${folder}/`, root), { recursive: true });
  writeFileSync(new URL(`${folder}/${name}.json`, root), `${JSON.stringify(content, null, 2)}\n`);
}

for (const [name, { guardrails, broken, ...input }] of Object.entries(DECIDE)) {
  const set = guardrailsOf(guardrails);
  // A document that this client cannot read: its condition is not one of the language.
  if (broken) set[0].guardrail.spec.when = 'this is not CEL';
  const fixture = { guardrails: set, input };
  write('decide', name, { ...fixture, expected: playDecide(fixture, policy) });
}
for (const [name, input] of Object.entries(MASK)) write('mask', name, { input, expected: playMask({ input }, policy) });
