import { compileCondition, rootsOf } from '../condition/compile-condition.js';
import type { ConditionError } from '../condition/compile-condition.js';
import type { ConditionPlace } from '../condition/cost.js';
import type { Variables } from '../condition/variables.js';
import type { Finding } from './finding.js';

type Path = (string | number)[];

/** Compiles an expression for its errors; each becomes a finding at `path`. */
export function checkExpression(
  source: string,
  variables: Variables,
  type: 'bool' | 'double',
  path: Path,
  findings: Finding[],
  place: ConditionPlace = 'inline',
): void {
  try {
    if (type === 'bool') compileCondition(source, variables, 'bool', place);
    else compileCondition(source, variables, 'double', place);
  } catch (error) {
    const { code, message, hint, offset } = error as ConditionError;
    findings.push({ code, path, message, hint, offset });
  }
}

/** What is wrong with a condition that reads what does not exist at its point: a name that exists, only later, deserves a better message than "unknown variable". */
export function phaseFinding(
  source: string,
  available: Variables,
  all: Variables,
  path: Path,
  point: string,
): Finding | null {
  const roots = rootsOf(source, { ...all, ...available });
  if (roots.includes('group') && !Object.hasOwn(available, 'group')) {
    return {
      code: 'GUARDSPAN_DOC_ACTS_BY_GROUP',
      path,
      message: 'the condition selects calls by a protected group',
      hint: 'measure by group in `over.signals`, never act by group',
    };
  }
  const early = roots.find((root) => !Object.hasOwn(available, root));
  if (early === undefined) return null;
  return {
    code: 'GUARDSPAN_DOC_TOO_EARLY',
    path,
    message: `\`${early}\` does not exist yet at ${point}`,
    hint: 'evaluate it later (`at: response`), or over a window',
  };
}
