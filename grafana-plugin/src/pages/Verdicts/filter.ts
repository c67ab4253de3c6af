import type { Verdict } from '../../api/answers';

/** What the page shows, as it stands in the URL: a link to the page shows the same to everybody. */
export interface Filter {
  /** Part of the name of a guard-rail or of a value of its series. */
  text: string;
  /** `all`, `firing` (holds now) or `released`. */
  state: FilterState;
}
export type FilterState = 'all' | 'firing' | 'released';

const STATES: readonly FilterState[] = ['all', 'firing', 'released'];

/** The filter of a URL. Unknown values count as none. */
export function filterOf(search: URLSearchParams): Filter {
  const state = STATES.find((one) => one === search.get('state'));
  return { text: search.get('q') ?? '', state: state ?? 'all' };
}

/** The URL of a filter, without what it does not say. */
export function searchOf({ text, state }: Filter): URLSearchParams {
  const search = new URLSearchParams();
  if (text !== '') {
    search.set('q', text);
  }
  if (state !== 'all') {
    search.set('state', state);
  }
  return search;
}

/** The verdicts that a filter leaves over. */
export function matching(verdicts: readonly Verdict[], { text, state }: Filter): Verdict[] {
  const wanted = text.trim().toLowerCase();
  return verdicts.filter((verdict) => {
    const released = verdict.releasedAt > 0;
    if (state !== 'all' && released !== (state === 'released')) {
      return false;
    }
    const texts = [verdict.guardrail, verdict.id, ...Object.values(verdict.series)];
    return wanted === '' || texts.some((one) => one.toLowerCase().includes(wanted));
  });
}
