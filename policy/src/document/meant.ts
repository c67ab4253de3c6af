import type { z } from 'zod';
import { askMeant, nearestName } from '../canonical/nearest.js';
import { mappingForms } from './schema-keys.js';
import type { MappingForm } from './schema-keys.js';
import type { Shape } from './shape-issues.js';

type Path = readonly (string | number)[];

/** The key that was probably meant by one that does not exist, as the beginning of a hint; empty when none is near. */
export function meantKey({ schema, value }: Shape, path: Path, key: string): string {
  const holder = valueAt(value, path);
  const there = typeof holder === 'object' && holder !== null ? Object.keys(holder) : [];
  const known = mappingForms(schema, path).flatMap(({ keys }) => keys);
  return askMeant(
    key,
    known.filter((one) => !there.includes(one)),
  );
}

/** What was probably meant by a value that may not stand there, as the beginning of a hint; empty when that is not known. */
export function meantValue(issue: z.core.$ZodIssue, { schema, value }: Shape, path: Path): string {
  const written = valueAt(value, path);
  if (issue.code === 'invalid_value' && typeof written === 'string') return askMeant(written, issue.values.map(String));
  if (issue.code !== 'invalid_type' || issue.expected !== 'object') return '';
  const forms = mappingForms(schema, path);
  const name = typeof path.at(-1) === 'string' ? `${path.at(-1)}: ` : '';
  if (forms.length > 1) return meantForm(forms, name, written);
  const [form] = forms;
  if (form === undefined) return '';
  const [first] = form.required.length > 0 ? [] : form.keys;
  const needed = form.required.map(({ key, example }) => `${key}: ${example}`).join(', ');
  if (needed !== '') return `write \`${name}{ ${needed} }\`; `;
  return first === undefined ? '' : `write \`${name}{}\`, with what you need of ${form.keys.join(', ')}; `;
}

/** Of forms that are told apart by their first required key, the one that a text names. */
function meantForm(forms: readonly MappingForm[], name: string, written: unknown): string {
  const keys = forms.map(({ required: [first] }) => first?.key ?? '');
  if (keys.includes('') || new Set(keys).size < keys.length) return '';
  const meant = typeof written === 'string' ? nearestName(written, keys) : undefined;
  const { required } = forms[Math.max(0, keys.indexOf(meant ?? ''))]!;
  const pairs = required.map(({ key, example }) => `${key}: ${example}`).join(', ');
  const others = meant === undefined ? ` or another of ${keys.join(', ')}` : '';
  return `write \`${name}{ ${pairs} }\`${others}; `;
}

/** The form that was probably meant by a mapping with none of the keys by which forms are told apart, as the beginning of a hint. */
export function meantAlternative({ value }: Shape, path: Path, known: readonly string[]): string {
  const written = valueAt(value, path);
  if (typeof written !== 'object' || written === null) return '';
  const near = Object.keys(written).find((key) => nearestName(key, known) !== undefined);
  return near === undefined ? '' : askMeant(near, known);
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as { [key: string]: unknown })[part];
  }
  return found;
}
