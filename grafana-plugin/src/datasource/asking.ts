import type { DataFrame, MetricFindValue, ScopedVars } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { describeFailure } from '../components/describeFailure';
import { checkConnection } from '../pages/Configuration/checkConnection';
import { valuesOf, type Replace } from './conditions';
import type { GuardrailsQuery, VariableQuery } from './query';
import type { Span } from './range';
import { read } from './read';
import { variableValues } from './values';

const replace: Replace = (text, scopedVars, format) => getTemplateSrv().replace(text, scopedVars, format);

/** The frames of a query. Rejects with `ApiFailure`. */
export function ask(
  query: GuardrailsQuery,
  span: Span,
  scopedVars: ScopedVars,
  signal: AbortSignal,
): Promise<DataFrame[]> {
  return read({ query, values: valuesOf(query, replace, scopedVars), span, now: Date.now() / 1000, signal });
}

/** The values of a variable. Rejects with an error in words. */
export async function askValues(
  query: VariableQuery,
  scopedVars: ScopedVars,
  signal: AbortSignal,
): Promise<MetricFindValue[]> {
  try {
    return await variableValues(query.values, valuesOf(query, replace, scopedVars), signal);
  } catch (error) {
    throw new Error(wordsOf(error));
  }
}

/** What failed, and what to do next, in one line: panels have no more. */
export function wordsOf(error: unknown): string {
  const { title, detail, next } = describeFailure(error);
  return [`${title}.`, detail, next].filter((part) => part !== '').join(' ');
}

/** What the test button of the data source says. Limits that the app lives with are told too. */
export async function test(): Promise<{ status: 'success' | 'error'; message: string }> {
  const { severity, title, lines } = await checkConnection();
  return { status: severity === 'error' ? 'error' : 'success', message: [`${title}.`, ...lines].join(' ') };
}
