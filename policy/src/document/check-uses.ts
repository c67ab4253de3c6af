import { CALL_VARIABLES } from '../condition/variables.js';
import { prepareDetector } from '../detect/detect-text.js';
import type { GuardspanError } from '../error.js';
import { checkRules } from '../values/check-rules.js';
import { VALUES_DETECTOR } from '../values/value-types.js';
import type { Finding } from './finding.js';
import { PACK_PREFIX } from './pack/pack-types.js';
import type { ActionType, DetectorUse, Guardrail, InlinePoint } from './types.js';

/** Seconds that a call waits at most for one thing outside of the guard. */
export const MAX_DEADLINE = 30;
/** What a detector may look at, by point. */
const TEXT_AT: Readonly<Record<InlinePoint, readonly DetectorUse['on'][]>> = {
  request: ['prompt.text'],
  chunk: ['output.text'],
  response: ['output.text'],
};
/** What a check of values may look at, by point: a piece of a text has none. */
const VALUES_AT: Readonly<Record<InlinePoint, readonly DetectorUse['on'][]>> = {
  request: ['features'],
  chunk: [],
  response: ['features', 'output.values'],
};
const IS_TEXT = { 'prompt.text': true, 'output.text': true };

/** Checks what a guard-rail names under `uses`, and what it redacts by that. */
export function checkUses({ uses, action }: Guardrail['spec'], point: InlinePoint, findings: Finding[]): void {
  for (const [name, use] of Object.entries(uses)) {
    const isCheck = use.detector === VALUES_DETECTOR;
    const wanted = isCheck ? VALUES_AT[point] : TEXT_AT[point];
    if (!wanted.includes(use.on)) {
      findings.push({
        code: 'GUARDSPAN_DOC_TOO_EARLY',
        path: ['spec', 'uses', name, 'on'],
        message: `\`${use.on}\` is ${isCheck || use.on in IS_TEXT ? `not there at ${point}` : 'no text'}`,
        hint: wanted.length === 0 ? 'use `at: request` or `at: response`' : `use ${wanted.join(' or ')}`,
      });
    }
    if (Object.hasOwn(CALL_VARIABLES, name)) {
      findings.push({
        code: 'GUARDSPAN_DOC_NAME_TAKEN',
        path: ['spec', 'uses', name],
        message: `\`${name}\` is a field of the call`,
        hint: 'choose another name',
      });
    }
    if (isCheck || use.values !== undefined) {
      checkRules(use, ['spec', 'uses', name], findings);
      continue;
    }
    if (use.external !== undefined) {
      checkExternal(['spec', 'uses', name], use.external, point, action.type, findings);
      continue;
    }
    // Packs are documents: they are checked where documents come together.
    if (use.detector.startsWith(PACK_PREFIX)) continue;
    try {
      prepareDetector(use.detector, use.entities);
    } catch (error) {
      const known = error as GuardspanError;
      findings.push({ code: known.code, path: ['spec', 'uses', name], message: known.message, hint: known.hint });
    }
  }
  if (action.type === 'redact') {
    for (const [index, name] of action.detections.entries()) {
      if (uses[name]?.values !== undefined) {
        findings.push({
          code: 'GUARDSPAN_DOC_DETECTION',
          path: ['spec', 'action', 'redact', 'detections', index],
          message: `"${name}" checks values, and there is no text to redact`,
          hint: 'use deny, reroute or annotate',
        });
      } else if (!Object.hasOwn(uses, name)) {
        findings.push({
          code: 'GUARDSPAN_DOC_DETECTION',
          path: ['spec', 'action', 'redact', 'detections', index],
          message: `there is no detector named "${name}" under \`uses\``,
          hint: 'name one that is there',
        });
      }
    }
  }
}

/** Names of detectors outside of the process are declared where the process runs, so only the way of asking is checked here. */
export function checkExternal(
  path: (string | number)[],
  { deadline, position }: NonNullable<DetectorUse['external']>,
  point: InlinePoint,
  action: ActionType,
  findings: Finding[],
): void {
  if (!(deadline > 0 && deadline <= MAX_DEADLINE)) {
    findings.push({
      code: 'GUARDSPAN_DOC_EXTERNAL',
      path: [...path, 'deadline'],
      message: `a call waits at most ${MAX_DEADLINE} s for what is asked outside of the process`,
      hint: 'write a deadline between 1ms and 30s',
    });
  }
  if (point === 'chunk') {
    findings.push({
      code: 'GUARDSPAN_DOC_EXTERNAL',
      path: [...path, 'deadline'],
      message: 'at chunk nothing outside of the process is asked, because each piece would wait for it',
      hint: 'use `at: response`',
    });
    return;
  }
  if (position !== 'beside') return;
  if (point !== 'request') {
    findings.push({
      code: 'GUARDSPAN_DOC_EXTERNAL',
      path: [...path, 'position'],
      message: `at ${point} there is no model call that it could run beside`,
      hint: 'use `position: before`',
    });
  } else if (action !== 'deny' && action !== 'annotate' && action !== 'sample') {
    findings.push({
      code: 'GUARDSPAN_DOC_EXTERNAL',
      path: [...path, 'position'],
      message: `${action} comes too late beside the call, because the prompt has left`,
      hint: 'use `position: before`, or deny',
    });
  }
}
