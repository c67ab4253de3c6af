import { CALL_VARIABLES, paramVariables } from '../condition/variables.js';
import { inlineVariables } from '../decide/compile-inline.js';
import { takesCondition, windowedVariables } from '../decide/compile-windowed.js';
import { checkExpression, phaseFinding } from './check-expression.js';
import { checkExternal, checkUses } from './check-uses.js';
import { checkAsk } from './ask-check.js';
import { checkEvidence } from './evidence-check.js';
import type { Finding } from './finding.js';
import { checkRewrite } from './rewrite-check.js';
import { checkScoping } from './scoping-check.js';
import type { Guardrail, Over } from './types.js';
import { GROUP_BY_FIELDS } from './types.js';

const OVER_ACTIONS = new Set(['throttle', 'reroute', 'shutdown', 'annotate', 'sample']);
const INLINE_ACTIONS = new Set(['deny', 'redact', 'rewrite', 'throttle', 'reroute', 'annotate', 'sample']);
const REQUEST_FIELDS = new Set<string>(GROUP_BY_FIELDS);

/** Checks everything about a guard-rail that its shape does not say: types of expressions, fields read too early, actions that cannot be. All findings, not the first. */
export function checkGuardrail(guardrail: Guardrail): Finding[] {
  const findings: Finding[] = [];
  const { spec } = guardrail;
  if ((spec.at === null) === (spec.over === null)) {
    findings.push({
      code: 'GUARDSPAN_DOC_POINT',
      path: ['spec'],
      message: 'a guard-rail has exactly one of `at` and `over`',
      hint: 'write `at: request`, `at: chunk`, `at: response`, or an `over` block',
    });
    return findings;
  }
  if (spec.over === null) checkInline(guardrail, findings);
  else checkWindowed(guardrail, findings);
  findings.push(...checkScoping(guardrail), ...checkAsk(guardrail));
  return findings;
}

function checkInline({ spec }: Guardrail, findings: Finding[]): void {
  if (spec.when === '') {
    findings.push(missing(['spec', 'when']));
    return;
  }
  const point = spec.at!;
  const { action } = spec;
  if (!INLINE_ACTIONS.has(action.type)) {
    findings.push({
      code: 'GUARDSPAN_DOC_ACTION',
      path: ['spec', 'action'],
      message: `${action.type} cannot be decided on one call`,
      hint: 'use deny for one call; shutdown ends every call of a scope and needs `over`',
    });
  }
  if (point !== 'request' && (action.type === 'throttle' || action.type === 'reroute')) {
    findings.push({
      code: 'GUARDSPAN_DOC_ACTION',
      path: ['spec', 'action'],
      message: `${action.type} comes too late at the ${point}`,
      hint: 'use `at: request`, deny, redact or rewrite',
    });
  }
  const judgesText = Object.values(spec.uses).some(({ on }) => on === 'output.text');
  if (point === 'chunk' && !judgesText && !/\btoolCalls\b/.test(spec.when)) {
    findings.push({
      code: 'GUARDSPAN_DOC_CHUNK_USES',
      path: ['spec', 'at'],
      message: 'a guard-rail at chunk judges what arrives, and names neither a detector nor `toolCalls`',
      hint: 'add a detector under `uses`, read `toolCalls`, or write `at: response`',
    });
  }
  checkUses(spec, point, findings);
  findings.push(...checkRewrite(spec));
  if (spec.rego?.external !== undefined) {
    checkExternal(['spec', 'rego'], spec.rego.external, point, action.type, findings);
    if (Object.values(spec.uses).some((use) => use.external !== undefined)) {
      findings.push({
        code: 'GUARDSPAN_DOC_EXTERNAL',
        path: ['spec', 'rego', 'deadline'],
        message: 'the policy would wait for a detector that has to be waited for itself',
        hint: 'ask an engine in the process (no `deadline`), or use a detector without a deadline',
      });
    }
  }
  const variables = inlineVariables(point, spec);
  const phase = phaseFinding(spec.when, variables, CALL_VARIABLES, ['spec', 'when'], point);
  if (phase !== null) findings.push(phase);
  else checkExpression(spec.when, variables, 'bool', ['spec', 'when'], findings);
  for (const key of ['until', 'for', 'cooldown'] as const) {
    if (spec[key] !== '' && spec[key] !== 0) {
      findings.push({
        code: 'GUARDSPAN_DOC_WINDOWED_ONLY',
        path: ['spec', key],
        message: `\`${key}\` has no meaning for one call`,
        hint: 'remove it, or use `over`',
      });
    }
  }
}

function checkField(field: string, path: (string | number)[], findings: Finding[]): void {
  if (field.startsWith('group.') || field.startsWith('truth.')) {
    findings.push({
      code: 'GUARDSPAN_DOC_ACTS_BY_GROUP',
      path,
      message: `\`${field}\` would make an action depend on a protected group or a late truth`,
      hint: 'measure by group in `over.signals`, never act by group',
    });
  } else if (!REQUEST_FIELDS.has(field) && !/^(features|attrs)\.[^.]+$/.test(field)) {
    findings.push({
      code: 'GUARDSPAN_DOC_GROUP_BY',
      path,
      message: `\`${field}\` is no field that exists at the request`,
      hint: `use ${GROUP_BY_FIELDS.join(', ')}, features.<name> or attrs.<name>`,
    });
  }
}

function checkWindowed(guardrail: Guardrail, findings: Finding[]): void {
  const { spec } = guardrail;
  const over = spec.over!;
  if (over.evidence === undefined) {
    if (over.window === 0) findings.push(missing(['spec', 'over', 'window']));
    if (spec.when === '') findings.push(missing(['spec', 'when']));
  }
  if (!OVER_ACTIONS.has(spec.action.type)) {
    findings.push({
      code: 'GUARDSPAN_DOC_ACTION',
      path: ['spec', 'action'],
      message: `${spec.action.type} is decided on one call, not over a window`,
      hint: 'use throttle, reroute, shutdown, annotate or sample, or `at`',
    });
  }
  if (Object.keys(spec.uses).length > 0) {
    findings.push({
      code: 'GUARDSPAN_DOC_INLINE_ONLY',
      path: ['spec', 'uses'],
      message: 'detectors look at the text or the values of one call, in the process that makes it',
      hint: 'use `at`; signals read features and outputs in their conditions',
    });
  }
  if (spec.rego !== undefined) {
    findings.push({
      code: 'GUARDSPAN_DOC_INLINE_ONLY',
      path: ['spec', 'rego'],
      message: 'a Rego policy decides about one call, and a window is about many',
      hint: 'use `at`, or a condition on signals',
    });
  }
  if (over.evidence !== undefined) checkEvidence(guardrail, over.evidence, findings);
  else checkWindow(over, findings);
  over.groupBy.forEach((field, index) => checkField(field, ['spec', 'over', 'groupBy', index], findings));
  spec.scope.forEach((field, index) => {
    if (!over.groupBy.includes(field)) {
      findings.push({
        code: 'GUARDSPAN_DOC_SCOPE',
        path: ['spec', 'scope', index],
        message: `\`${field}\` is not in groupBy`,
        hint: 'the scope of an action is a part of groupBy',
      });
    }
  });
  if (over.evidence === undefined) checkSignals(guardrail, findings);
}

function missing(path: (string | number)[]): Finding {
  return {
    code: 'GUARDSPAN_DOC_MISSING',
    path,
    message: `"${String(path.at(-1))}" is missing`,
    hint: 'add it (string)',
  };
}

function checkWindow(over: Over, findings: Finding[]): void {
  if (over.window > 0 && over.bucket > over.window) {
    findings.push({
      code: 'GUARDSPAN_DOC_WINDOW',
      path: ['spec', 'over', 'every'],
      message: '`every` is longer than `window`',
      hint: 'make the window a multiple of `every`',
    });
  } else if (over.window / over.bucket > 1440) {
    findings.push({
      code: 'GUARDSPAN_DOC_WINDOW',
      path: ['spec', 'over', 'every'],
      message: 'a window holds at most 1440 buckets',
      hint: 'make `every` longer',
    });
  }
  if (Object.keys(over.signals).length === 0) {
    findings.push({
      code: 'GUARDSPAN_DOC_SIGNALS',
      path: ['spec', 'over', 'signals'],
      message: 'there is no signal',
      hint: 'name at least one',
    });
  }
}

function checkSignals({ spec }: Guardrail, findings: Finding[]): void {
  const over = spec.over!;
  const ofCall = { ...CALL_VARIABLES, ...paramVariables(spec.params) };
  for (const [name, signal] of Object.entries(over.signals)) {
    const base = ['spec', 'over', 'signals', name];
    if (['samples', 'lower', 'upper', 'params'].includes(name)) {
      findings.push({
        code: 'GUARDSPAN_DOC_NAME_TAKEN',
        path: base,
        message: `\`${name}\` has a meaning of its own in conditions`,
        hint: 'choose another name',
      });
    }
    const key = signal.fn === 'quantile' ? 'of' : signal.fn;
    checkExpression(
      signal.of,
      ofCall,
      takesCondition(signal.fn) ? 'bool' : 'double',
      [...base, key],
      findings,
      'evaluator',
    );
    checkExpression(signal.among, ofCall, 'bool', [...base, 'among'], findings, 'evaluator');
  }
  const variables = windowedVariables(over, spec.params);
  for (const key of ['when', 'until'] as const) {
    if (spec[key] !== '') checkExpression(spec[key], variables, 'bool', ['spec', key], findings, 'evaluator');
  }
}
