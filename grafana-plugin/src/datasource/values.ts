import type { MetricFindValue } from '@grafana/data';
import { evaluator } from '../api/client';
import { rowsOf } from '../pages/Guardrails/rows';
import { isAbout, type Values } from './conditions';
import type { VariableTopic } from './query';

/** The values that a variable may take, in order. Rejects with `ApiFailure`. */
export async function variableValues(
  topic: VariableTopic,
  values: Values,
  signal: AbortSignal,
): Promise<MetricFindValue[]> {
  const found = new Set((await READERS[topic](values, signal)).filter((value) => value !== ''));
  return [...found].sort((a, b) => a.localeCompare(b)).map((text) => ({ text, value: text }));
}

type Reader = (values: Values, signal: AbortSignal) => Promise<string[]>;

const guardrails: (of: 'name' | 'owner') => Reader = (of) => async (values, signal) => {
  const { items } = await evaluator.guardrails(signal);
  return rowsOf(items, [])
    .filter((row) => isAbout(row, values))
    .map((row) => row[of]);
};

/** Models are those that calls were seen of: documents name globs. */
const seen: (of: 'model' | 'version' | 'service') => Reader = (of) => async (values, signal) => {
  const { rows } = await evaluator.coverage(signal);
  const fits = (value: string, wanted: readonly string[]) => wanted.length === 0 || wanted.includes(value);
  return rows
    .filter(
      ({ model, service }) =>
        (of === 'model' || fits(model, values.model)) && (of === 'service' || fits(service, values.service)),
    )
    .map((row) => row[of]);
};

const READERS: { [topic in VariableTopic]: Reader } = {
  guardrail: guardrails('name'),
  owner: guardrails('owner'),
  model: seen('model'),
  version: seen('version'),
  service: async (values, signal) => {
    const [services, { items }] = await Promise.all([seen('service')(values, signal), evaluator.fleet(false, signal)]);
    // A process that made no call yet is seen in the fleet only; its models are not known.
    return values.model.length > 0 ? services : [...services, ...items.map(({ service }) => service)];
  },
  environment: async (_, signal) => (await evaluator.fleet(false, signal)).items.map(({ environment }) => environment),
};
