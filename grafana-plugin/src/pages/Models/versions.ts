import type { Coverage, ModelTotals } from '../../api/answers';

/** One version of a model in one service, with what coverage says of its calls. */
export interface VersionRow extends ModelTotals {
  key: string;
  calls: number;
  /** guarded / made, 0 to 1; null where nothing was reported. */
  coverage: number | null;
}

const keyOf = ({ service, environment, model, version }: Omit<ModelTotals, 'verdicts'>): string =>
  [model, version, service, environment].join('/');

/** Versions of models by name, the newest call first within one, with their coverage. */
export function versionsOf(models: readonly ModelTotals[], coverage: Coverage | undefined): VersionRow[] {
  const shares = new Map(
    (coverage?.rows ?? []).map((row) => [JSON.stringify([row.service, row.model, row.version]), row.coverage]),
  );
  return models
    .map((one) => ({
      ...one,
      key: keyOf(one),
      calls: one.answered + one.failed + one.refused,
      coverage: shares.get(JSON.stringify([one.service, one.model, one.version])) ?? null,
    }))
    .sort((a, b) => a.model.localeCompare(b.model) || b.lastAt - a.lastAt);
}

/** The rows whose model, version or service has this text in it. */
export function matching(rows: readonly VersionRow[], text: string): VersionRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter(({ model, version, service }) =>
    [model, version, service].some((part) => part.toLowerCase().includes(wanted)),
  );
}
