import type { Finding } from '../document/finding.js';
import type { DetectorUse } from '../document/types.js';
import { VALUE_ISSUES, VALUES_DETECTOR } from './value-types.js';
import type { ValueRule } from './value-types.js';

type Path = (string | number)[];

/** Everything about a check of values that its shape does not say. All findings, not the first. */
export function checkRules(use: DetectorUse, path: Path, findings: Finding[]): void {
  const found = (key: Path, message: string, hint: string): void => {
    findings.push({ code: 'GUARDSPAN_DOC_VALUES', path: [...path, ...key], message, hint });
  };
  const { values, detector } = use;
  if (detector !== VALUES_DETECTOR) {
    found(
      ['values'],
      '`values` says what features and outputs have to be, and belongs to the detector `values`',
      'write `detector: values`, or remove it',
    );
    return;
  }
  if (values === undefined) {
    found(['detector'], 'a check of values names none', 'say under `values` what each has to be');
    return;
  }
  if (use.external !== undefined)
    found(['deadline'], 'values are checked in the process, which takes no time', 'remove `deadline` and `position`');
  for (const [index, entity] of use.entities.entries())
    if (!(VALUE_ISSUES as readonly string[]).includes(entity))
      found(
        ['entities', index],
        `a check of values never finds "${entity}"`,
        `use ${VALUE_ISSUES.join(', ')}, or leave \`entities\` out for all of them`,
      );
  for (const [name, rule] of Object.entries(values)) {
    const problem = problemOf(rule);
    if (problem !== null) found(['values', name, problem.key], problem.message, problem.hint);
  }
}

function problemOf({ type, min, max, oneOf }: ValueRule): { key: string; message: string; hint: string } | null {
  const bounded = min !== undefined ? 'min' : max !== undefined ? 'max' : null;
  if (bounded !== null && type !== 'number' && type !== 'integer')
    return { key: bounded, message: `a value of type ${type} has no range`, hint: 'use `type: number`, or `oneOf`' };
  if (min !== undefined && max !== undefined && min > max)
    return { key: 'max', message: 'the range is empty: `max` is below `min`', hint: 'exchange them' };
  const fits = (value: string | number | boolean): boolean =>
    type === 'any' ||
    (type === 'bool'
      ? typeof value === 'boolean'
      : type === 'integer'
        ? Number.isInteger(value)
        : typeof value === type);
  if (oneOf !== undefined && !oneOf.every(fits))
    return { key: 'oneOf', message: `\`oneOf\` lists what is not of type ${type}`, hint: 'make them one type' };
  return null;
}
