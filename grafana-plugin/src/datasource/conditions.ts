import type { ScopedVars } from '@grafana/data';
import { compileGlobs } from '@guardspan/policy/runtime';
import type { Row } from '../pages/Guardrails/rows';
import type { Conditions } from './query';

/** Replaces variables in a text; the format is asked for each of their values. */
export type Replace = (text: string, scopedVars?: ScopedVars, format?: (value: unknown) => string) => string;

/** True of what a condition leaves over. */
export type Test = (value: string) => boolean;

/** Conditions whose variables have values: lists of names and globs, empty for all. */
export type Values = { [condition in keyof Conditions]-?: readonly string[] };

/** Between the values of one variable; no name holds it. */
const BETWEEN = '\u001f';

/**
 * The values that conditions name. A variable that the dashboard does not have, `All` with `.*` as its value, and an empty text stand for
 * everything.
 */
export function valuesOf(conditions: Conditions, replace: Replace, scopedVars: ScopedVars = {}): Values {
  const list = (text = ''): string[] => {
    const whole = replace(text.trim(), scopedVars, (value) => [value].flat().map(String).join(BETWEEN));
    const values = whole.split(BETWEEN).filter((value) => value !== '' && !/^\$\{?\w+\}?$/.test(value));
    return values.some((value) => ['*', '.*', '$__all'].includes(value)) ? [] : values;
  };
  const { guardrail, owner, model, service } = conditions;
  return { guardrail: list(guardrail), owner: list(owner), model: list(model), service: list(service) };
}

/** A test of one value against a list of names and globs. */
export function testOf(values: readonly string[]): Test {
  return compileGlobs(values) ?? (() => true);
}

/** Whether the globs of a document may name one of the values: a document without globs is about everything. */
export function mayName(globs: readonly string[], values: readonly string[]): boolean {
  const test = compileGlobs(globs);
  return (
    test === null ||
    values.length === 0 ||
    values.some((value) => (value.includes('*') ? globs.some(testOf([value])) : test(value)))
  );
}

/** Whether the fields of a series are of a model and a service that are wanted; a series that does not tell them apart is about all of them. */
export function isWanted(series: { [field: string]: string }, { model, service }: Values): boolean {
  const fits = (value: string | undefined, wanted: readonly string[]) =>
    value === undefined || value === '' || testOf(wanted)(value);
  return fits(series['model'], model) && fits(series['service'], service);
}

/** Whether a guard-rail is about what conditions name: one that names no model is about every model. */
export function isAbout({ name, owner, models, services }: Row, values: Values): boolean {
  return (
    testOf(values.guardrail)(name) &&
    testOf(values.owner)(owner) &&
    mayName(models, values.model) &&
    mayName(services, values.service)
  );
}
