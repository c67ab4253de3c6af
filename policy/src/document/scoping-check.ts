import { CALL_VARIABLES, callVariablesAt, paramVariables } from '../condition/variables.js';
import { counterVariables } from '../decide/applicable.js';
import { checkExpression, phaseFinding } from './check-expression.js';
import type { Finding } from './finding.js';
import type { Guardrail } from './types.js';
import { GROUP_BY_FIELDS } from './types.js';

type Path = (string | number)[];
const TAKEN = new Set([...Object.keys(CALL_VARIABLES), 'params']);

/** Checks the keys that say which calls a guard-rail acts on: all findings, not the first. */
export function checkScoping({ spec }: Guardrail): Finding[] {
  const findings: Finding[] = [];
  const { exclude, where, counters, rollout, params } = spec;
  if (exclude !== undefined && Object.values(exclude).every((globs: string[]) => globs.length === 0)) {
    findings.push({
      code: 'GUARDSPAN_DOC_EXCLUDE',
      path: ['spec', 'exclude'],
      message: '`exclude` names nothing, so it would leave out every call',
      hint: 'name at least one key, or remove it',
    });
  }
  if (spec.over !== null && counters !== undefined) {
    findings.push({
      code: 'GUARDSPAN_DOC_INLINE_ONLY',
      path: ['spec', 'counters'],
      message: '`counters` adds up calls in one process, which is what a window does for all',
      hint: 'use a signal; `counters` is for `at`',
    });
    return findings;
  }
  const constants = paramVariables(params);
  const whole = { ...CALL_VARIABLES, ...constants };
  if (where !== undefined) {
    const available = { ...callVariablesAt('request'), ...constants };
    const path = ['spec', 'where'];
    const early = phaseFinding(where, available, whole, path, 'request');
    if (early !== null) findings.push(early);
    else checkExpression(where, available, 'bool', path, findings);
  }
  if (params !== undefined && Object.hasOwn(spec.uses, 'params')) {
    findings.push({
      code: 'GUARDSPAN_DOC_NAME_TAKEN',
      path: ['spec', 'uses', 'params'],
      message: '`params` are the constants of this document',
      hint: 'choose another name',
    });
  }
  for (const [name, counter] of Object.entries(counters ?? {})) {
    const path = ['spec', 'counters', name];
    if (TAKEN.has(name) || Object.hasOwn(spec.uses, name)) {
      findings.push({
        code: 'GUARDSPAN_DOC_NAME_TAKEN',
        path,
        message: `\`${name}\` has a meaning of its own in conditions`,
        hint: 'choose another name',
      });
    }
    if (!(counter.window >= 1 && counter.window <= 86_400)) {
      findings.push({
        code: 'GUARDSPAN_DOC_COUNTER',
        path: [...path, 'window'],
        message: 'a counter looks back between 1 s and 24 h',
        hint: 'write a window from 1s to 24h, or use `over` for longer ones',
      });
    }
    const available = { ...counterVariables(), ...constants };
    const early = phaseFinding(counter.of, available, whole, [...path, counter.fn], 'response');
    if (early !== null) findings.push(early);
    else
      checkExpression(
        counter.of,
        available,
        counter.fn === 'count' ? 'bool' : 'double',
        [...path, counter.fn],
        findings,
      );
    counter.per.forEach((field, index) => {
      if (field === 'toolCalls' && spec.at === 'response') return;
      checkKey(field, [...path, 'per', index], findings);
    });
  }
  if (rollout !== undefined) checkKey(rollout.by, ['spec', 'rollout', 'by'], findings);
  return findings;
}

const FIELDS = new Set<string>(GROUP_BY_FIELDS);

function checkKey(field: string, path: Path, findings: Finding[]): void {
  if (/^(group|truth)(\.|$)/.test(field)) {
    findings.push({
      code: 'GUARDSPAN_DOC_ACTS_BY_GROUP',
      path,
      message: `\`${field}\` would make an action depend on a protected group or a late truth`,
      hint: 'measure by group in `over.signals`, never act by group',
    });
  } else if (!FIELDS.has(field) && !/^(features|attrs)\.[^.]+$/.test(field)) {
    findings.push({
      code: 'GUARDSPAN_DOC_GROUP_BY',
      path,
      message: `\`${field}\` is no field that exists at the request`,
      hint: `use ${GROUP_BY_FIELDS.join(', ')}, features.<name> or attrs.<name>; at response also toolCalls`,
    });
  }
}
