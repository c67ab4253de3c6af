import { z } from 'zod';
import type { GuardrailView, Proposal, SeriesState } from '../../api/answers';

/** A guard-rail as the list shows it. */
export interface Row {
  name: string;
  revision: string;
  mode: string;
  owner: string;
  severity: string;
  /** `request`, `chunk`, `response` or `window`. */
  where: string;
  action: { type: string; [detail: string]: unknown };
  /** Names and globs of the models and services that it is about; empty for all. */
  models: readonly string[];
  services: readonly string[];
  /** Whether it is a test with a promise about false alarms. */
  promises: boolean;
  managedBy: string;
  /** Series that fire now. */
  firing: number;
  /** Why it can act nowhere; empty when it can. */
  inert: string;
  /** Who proposed a change that waits for a second person; empty when none waits. */
  proposedBy: string;
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
    match: z
      .looseObject({ models: z.array(z.string()).catch([]), services: z.array(z.string()).catch([]) })
      .catch({ models: [], services: [] }),
    over: z.looseObject({ evidence: z.unknown().optional() }).nullable().catch(null),
  }),
});

// One for all comparisons: making one for each costs more than the rest of the list.
const collator = new Intl.Collator();

/** Guard-rails in force with the series of them that fire, by name. Deleted ones are left out. */
export function rowsOf(
  guardrails: readonly GuardrailView[],
  series: readonly SeriesState[],
  proposals: readonly Proposal[] = [],
): Row[] {
  const proposed = new Map(proposalsOf(proposals).map((proposal) => [proposal.name, proposal]));
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
        revision: view.revision,
        mode: view.guardrail.spec.mode,
        owner: known?.metadata.labels['owner'] ?? '',
        severity: known?.metadata.labels['severity'] ?? '',
        where: known?.spec.at ?? 'window',
        action: known?.spec.action ?? { type: '' },
        models: known?.spec.match.models ?? [],
        services: known?.spec.match.services ?? [],
        promises: known?.spec.over?.evidence != null,
        managedBy: known?.metadata.managedBy ?? '',
        firing: firing.get(view.name) ?? 0,
        inert: view.inert ?? '',
        proposedBy: proposed.get(view.name)?.author ?? '',
        author: view.author,
        at: view.at,
        source: view.source,
      };
    })
    .sort((a, b) => collator.compare(a.name, b.name));
}

/** Changes of guard-rails that wait; there are others of exceptions and packs. */
export function proposalsOf(proposals: readonly Proposal[]): Proposal[] {
  return proposals.filter(({ collection }) => collection === 'guardrails');
}

/** What the page shows, as it stands in the URL. */
export interface Filter {
  /** Part of a name, an owner or a model. */
  text: string;
  /** A mode, `firing`, `inert`, `waiting`, or empty for all. */
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
      (show === 'waiting' && row.proposedBy !== '') ||
      (show === 'inert' && row.inert !== '');
    const texts = [row.name, row.owner, ...row.models];
    return shown && (wanted === '' || texts.some((one) => one.toLowerCase().includes(wanted)));
  });
}

/** The documents of rows as one file, as `guardspan push` and `apply` take it. */
export function asCode(rows: readonly Row[]): string {
  return rows.map(({ source }) => `${source.trim()}\n`).join('---\n');
}
