import type { FieldChange, GuardrailChange } from '@guardspan/policy';
import pc from 'picocolors';
import type { CallComparison } from '../session/compare-calls.js';
import { table } from './table.js';

const MAX_VALUE = 100;

/** Differences in meaning, for people. */
export function printChanges(changes: readonly GuardrailChange[], color: boolean): string {
  const { bold, red, green } = pc.createColors(color);
  const sign = { added: green('+'), removed: red('-'), changed: '~' };
  const field = ({ path, before, after }: FieldChange): string =>
    `    ${path}: ${red(shown(before))} -> ${green(shown(after))}\n`;
  return changes
    .map(({ name, change, fields }) => `${sign[change]} ${bold(name)} ${change}\n${fields.map(field).join('')}`)
    .join('');
}

/** What changes for recorded calls, for people. */
export function printComparison(comparison: CallComparison, color: boolean): string {
  const { bold } = pc.createColors(color);
  const { calls, changed, examples, guardrails } = comparison;
  const arrow = (before: number, after: number): string => (before === after ? String(after) : `${before} -> ${after}`);
  const rows = Object.entries(guardrails)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { before, after }]) => [
      name,
      arrow(before.verdicts, after.verdicts),
      arrow(before.fired, after.fired),
    ]);
  const lines = examples.map(({ place, before, after }) => `  ${place}: ${side(before)} -> ${side(after)}\n`);
  const hidden = changed - examples.length;
  return [
    bold(`${changed} of ${calls} calls come out differently\n`),
    ...(rows.length === 0 ? [] : [table(['GUARD-RAIL', 'VERDICTS', 'FIRED'], rows)]),
    ...lines,
    hidden > 0 ? `  and ${hidden} more\n` : '',
  ].join('');
}

function side({ action, disposition, guardrails }: CallComparison['examples'][number]['before']): string {
  return `${action} (${disposition}${guardrails.length === 0 ? '' : `, ${guardrails.join(', ')}`})`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
