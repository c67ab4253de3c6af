import { z } from 'zod';
import type { GuardrailView, SeriesState } from '../../api/answers';

/** A guard-rail as the list shows it. */
export interface Row {
  name: string;
  mode: string;
  owner: string;
  severity: string;
  /** `request`, `chunk`, `response` or `window`. */
  where: string;
  action: { type: string; [detail: string]: unknown };
  models: readonly string[];
  managedBy: string;
  /** Series that fire now. */
  firing: number;
  /** Why it can act nowhere; empty when it can. */
  inert: string;
  author: string;
  /** Seconds from epoch. */
  at: number;
  source: string;
}

/** What the list reads of a document; a document of another version shows less and breaks nothing. */
const document = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()).catch({}),
    managedBy: z.string().catch(''),
  }),
  spec: z.looseObject({
    at: z.string().nullable().catch(null),
    action: z.looseObject({ type: z.string() }).catch({ type: '' }),
    match: z.looseObject({ models: z.array(z.string()).catch([]) }).catch({ models: [] }),
  }),
});

/** Guard-rails in force with the series of them that fire, by name. Deleted ones are left out. */
export function rowsOf(guardrails: readonly GuardrailView[], series: readonly SeriesState[]): Row[] {
  const firing = new Map<string, number>();
  for (const { guardrail, state } of series) {
    if (state === 'firing' || state === 'probing') {
      firing.set(guardrail, (firing.get(guardrail) ?? 0) + 1);
    }
  }
  return guardrails
    .filter(({ deleted }) => !deleted)
    .map((view) => {
      const known = document.safeParse(view.guardrail).data;
      return {
        name: view.name,
        mode: view.guardrail.spec.mode,
        owner: known?.metadata.labels['owner'] ?? '',
        severity: known?.metadata.labels['severity'] ?? '',
        where: known?.spec.at ?? 'window',
        action: known?.spec.action ?? { type: '' },
        models: known?.spec.match.models ?? [],
        managedBy: known?.metadata.managedBy ?? '',
        firing: firing.get(view.name) ?? 0,
        inert: view.inert ?? '',
        author: view.author,
        at: view.at,
        source: view.source,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** What the page shows, as it stands in the URL. */
export interface Filter {
  /** Part of a name, an owner or a model. */
  text: string;
  /** A mode, `firing`, `inert`, or empty for all. */
  show: string;
}

export function filterOf(search: URLSearchParams): Filter {
  return { text: search.get('q') ?? '', show: search.get('show') ?? '' };
}

export function searchOf({ text, show }: Filter): URLSearchParams {
  return new URLSearchParams([...(text === '' ? [] : [['q', text]]), ...(show === '' ? [] : [['show', show]])]);
}

/** The rows that a filter leaves over. */
export function matching(rows: readonly Row[], { text, show }: Filter): Row[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    const shown =
      show === '' ||
      row.mode === show ||
      (show === 'firing' && row.firing > 0) ||
      (show === 'inert' && row.inert !== '');
    const texts = [row.name, row.owner, ...row.models];
    return shown && (wanted === '' || texts.some((one) => one.toLowerCase().includes(wanted)));
  });
}

/** The documents of rows as one file, as `guardspan push` and `apply` take it. */
export function asCode(rows: readonly Row[]): string {
  return rows.map(({ source }) => `${source.trim()}\n`).join('---\n');
}
