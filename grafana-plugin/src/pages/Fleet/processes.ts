import type { FleetInstance, GuardrailView } from '../../api/answers';

/** How a process stands to what was published: `refuses` holds the newest set but for what it could not load. */
export type Standing = 'current' | 'behind' | 'refuses' | 'left';

/** How one process stands. */
export function standingOf({ connected, current, errors }: FleetInstance): Standing {
  if (!connected) {
    return 'left';
  }
  return errors.length > 0 ? 'refuses' : current ? 'current' : 'behind';
}

/** How many processes stand how. */
export function count(processes: readonly FleetInstance[]): { [standing in Standing]: number } {
  const counts = { current: 0, behind: 0, refuses: 0, left: 0 };
  for (const one of processes) {
    counts[standingOf(one)] += 1;
  }
  return counts;
}

/** The newest guard-rail in force, and how it arrived. */
export interface Arrival {
  guardrail: GuardrailView;
  /** Processes that got a new set after it and were connected before. */
  reached: number;
  /** Seconds from its publication until the last of them had it; null when one got a later set since, whose arrival is all that is known of it. */
  took: number | null;
}

/** When the newest change arrived in the processes that it is for. Undefined while no guard-rail is in force. */
export function newestArrival(
  guardrails: readonly GuardrailView[],
  processes: readonly FleetInstance[],
): Arrival | undefined {
  const [first, ...others] = guardrails.filter(({ deleted }) => !deleted);
  if (first === undefined) {
    return undefined;
  }
  const guardrail = others.reduce((newest, one) => (one.at > newest.at ? one : newest), first);
  const reached = processes.filter(
    ({ connected, connectedAt, acknowledgedAt }) =>
      connected && connectedAt <= guardrail.at && acknowledgedAt >= guardrail.at,
  );
  const last = Math.max(guardrail.at, ...reached.map(({ acknowledgedAt }) => acknowledgedAt));
  // What is newer than the newest one in force can only be deletions.
  const later = guardrails.some(({ at }) => at > guardrail.at && at <= last);
  return { guardrail, reached: reached.length, took: later ? null : last - guardrail.at };
}

/** What the list shows, as it stands in the URL. */
export interface Filter {
  /** Part of a service, environment, host or instance. */
  text: string;
  /** Empty for all. */
  standing: Standing | '';
}
const STANDINGS: readonly Standing[] = ['current', 'behind', 'refuses', 'left'];

/** The filter of a URL. Unknown values count as none. */
export function filterOf(search: URLSearchParams): Filter {
  return { text: search.get('q') ?? '', standing: STANDINGS.find((one) => one === search.get('state')) ?? '' };
}

/** The URL of a filter, without what it does not say. */
export function searchOf({ text, standing }: Filter): URLSearchParams {
  return new URLSearchParams({ ...(text === '' ? {} : { q: text }), ...(standing === '' ? {} : { state: standing }) });
}

/** The processes that a filter leaves over: those that need a look first, then by service. */
export function matching(processes: readonly FleetInstance[], { text, standing }: Filter): FleetInstance[] {
  const wanted = text.trim().toLowerCase();
  const urgency: { [standing in Standing]: number } = { refuses: 0, behind: 1, current: 2, left: 3 };
  return processes
    .filter((one) => standing === '' || standingOf(one) === standing)
    .filter(({ service, environment, host, instance }) =>
      [service, environment, host, instance].some((part) => part.toLowerCase().includes(wanted)),
    )
    .sort(
      (a, b) =>
        urgency[standingOf(a)] - urgency[standingOf(b)] ||
        a.service.localeCompare(b.service) ||
        a.instance.localeCompare(b.instance),
    );
}
