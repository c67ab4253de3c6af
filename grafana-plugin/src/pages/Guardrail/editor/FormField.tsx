import { Combobox, Field, Input, TextArea } from '@grafana/ui';
import React, { useId, useState } from 'react';
import type { Problem } from '../../../api/failure';
import { valueAt, type Path } from '../../../documents/valueAt';
import { t } from '../../../i18n';

/** What the fields of the form share. */
export interface FormContext {
  /** The values of the text. */
  values: { [key: string]: unknown };
  /** Changes one value of the text; undefined takes it out. */
  set: (path: Path, value: unknown) => void;
  problems: readonly Problem[];
}

export interface FieldProps {
  form: FormContext;
  path: Path;
  label: string;
  description?: string;
}

/** A text on one line, or on several (`rows`). */
export function TextField({ rows, ...props }: FieldProps & { rows?: number }) {
  return <Typed {...props} rows={rows} parse={(text) => (text === '' ? undefined : text)} print={printText} />;
}

/** A number. What is no number stays in the text as it was typed, where the check names it. */
export function NumberField(props: FieldProps) {
  const parse = (text: string): unknown => {
    const trimmed = text.trim();
    return trimmed === '' ? undefined : Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
  };
  return <Typed {...props} parse={parse} print={printText} />;
}

/** A list, separated by commas. */
export function ListField(props: FieldProps) {
  const parse = (text: string): unknown => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items.length === 0 ? undefined : items;
  };
  return (
    <Typed {...props} parse={parse} print={(value) => (Array.isArray(value) ? value.join(', ') : printText(value))} />
  );
}

/** One of several values; the first stands for "not written". */
export function ChoiceField({
  form,
  path,
  label,
  description,
  options,
}: FieldProps & { options: Array<{ value: string; label: string; description?: string }> }) {
  const id = useId();
  const value = valueAt(form.values, path);
  const [problem] = problemsOf(form.problems, path);
  return (
    <Field
      label={label}
      description={description}
      invalid={problem !== undefined}
      error={problem && describe(problem)}
      noMargin
    >
      <Combobox
        id={id}
        options={options}
        value={typeof value === 'string' ? value : ''}
        onChange={(option) => form.set(path, option.value === '' ? undefined : option.value)}
      />
    </Field>
  );
}

interface TypedProps extends FieldProps {
  rows?: number;
  parse: (text: string) => unknown;
  print: (value: unknown) => string;
}

function Typed({ form, path, label, description, rows, parse, print }: TypedProps) {
  const id = useId();
  const value = valueAt(form.values, path);
  const [typed, setTyped] = useState(() => print(value));
  // What is typed stays as it is while it means what the text says: "0." or "a, " on the way to more.
  const said = JSON.stringify(value);
  const [known, setKnown] = useState(said);
  if (said !== known) {
    setKnown(said);
    if (JSON.stringify(parse(typed)) !== said) {
      setTyped(print(value));
    }
  }
  const [problem] = problemsOf(form.problems, path);
  const shared = {
    id,
    value: typed,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem && `${id}-error`,
    onChange: ({ currentTarget }: React.FormEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      setTyped(currentTarget.value);
      form.set(path, parse(currentTarget.value));
    },
  };
  return (
    <Field
      label={label}
      description={description}
      invalid={problem !== undefined}
      error={problem && <span id={`${id}-error`}>{describe(problem)}</span>}
      noMargin
    >
      {rows === undefined ? <Input {...shared} /> : <TextArea {...shared} rows={rows} />}
    </Field>
  );
}

function printText(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Problems of a value, and of what is inside of it. */
export function problemsOf(problems: readonly Problem[], path: Path): Problem[] {
  const place = path.join('.');
  return problems.filter((one) => one.path === place || one.path.startsWith(`${place}.`));
}

function describe({ message, hint }: Problem): string {
  return hint === '' ? message : t('editor.problem', '{{message}}: {{hint}}', { message, hint });
}
