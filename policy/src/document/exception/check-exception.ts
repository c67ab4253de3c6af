import { CALL_VARIABLES, callVariablesAt } from '../../condition/variables.js';
import { checkExpression, phaseFinding } from '../check-expression.js';
import type { Finding } from '../finding.js';
import type { GuardrailException } from './exception-types.js';

/** Checks everything about an exception that its shape does not say. All findings, not the first. */
export function checkException({ spec }: GuardrailException): Finding[] {
  const findings: Finding[] = [];
  const { match, where } = spec;
  if (where === undefined && Object.values(match).every((globs: string[]) => globs.length === 0)) {
    findings.push({
      code: 'GUARDSPAN_DOC_EXCEPTION',
      path: ['spec'],
      message: 'the exception names no calls, so it would exempt every one',
      hint: 'say which calls under `match` or `where`; to stop a guard-rail for all, change its mode',
    });
  }
  if (where !== undefined) {
    const path = ['spec', 'where'];
    const available = callVariablesAt('request');
    const early = phaseFinding(where, available, CALL_VARIABLES, path, 'request');
    if (early === null) checkExpression(where, available, 'bool', path, findings);
    else if (early.code === 'GUARDSPAN_DOC_TOO_EARLY')
      findings.push({ ...early, hint: 'choose calls by what is known when they are made' });
    else findings.push({ ...early, hint: 'choose calls by something else; nobody is exempt by their group' });
  }
  return findings;
}
