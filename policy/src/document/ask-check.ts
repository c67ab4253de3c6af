import type { Finding } from './finding.js';
import type { Guardrail } from './types.js';

/** Longest time that an action may wait for a person, seconds. */
const MAX_WAIT = 7 * 86_400;

/** Checks whether a person can be asked before the action is taken: all findings, not the first. */
export function checkAsk({ spec }: Guardrail): Finding[] {
  const { ask, over } = spec;
  if (ask === undefined) return [];
  const findings: Finding[] = [];
  const complain = (path: string[], message: string, hint: string): void =>
    void findings.push({ code: 'GUARDSPAN_DOC_APPROVAL', path: ['spec', 'approval', ...path], message, hint });
  if (over === null)
    complain(
      [],
      'a call does not wait for a person',
      'use `over`; `approval: required` asks a second person about changes of the document',
    );
  if (!(ask.timeout >= 1 && ask.timeout <= MAX_WAIT))
    complain(['timeout'], 'an action waits between 1s and 7d for a person', 'write for example 15m');
  return findings;
}
