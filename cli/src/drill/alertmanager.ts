import { ALERT, DRILL_NAME } from '@guardspan/policy';

/** Where Alertmanager sends the alert of a drill. */
export interface AlertRouting {
  receivers: string[];
  /** `silenced`, `inhibited` or `muted` when nobody is told; empty otherwise. */
  muted: string;
}

/** Milliseconds until a request is given up. */
const TIMEOUT = 5000;
/** How long an alert about a drill that was not blocked lasts without news. Seconds. */
const LASTS = 3600;

interface Held {
  receivers: { name: string }[];
  status: { state: string; silencedBy?: string[]; inhibitedBy?: string[] };
}

/** Asks Alertmanagers for the alert of a drill (`GET /api/v2/alerts`). @returns undefined when none of them holds it */
export async function alertReceivers(urls: readonly string[], send: typeof fetch): Promise<AlertRouting | undefined> {
  const filters = [`guardrail="${DRILL_NAME}"`, `alertname="${ALERT.FIRING}"`];
  const query = filters.map((one) => `filter=${encodeURIComponent(one)}`).join('&');
  for (const url of urls) {
    const path = `${url}/api/v2/alerts?${query}`;
    const init = { signal: AbortSignal.timeout(TIMEOUT), redirect: 'manual' } as const;
    const response = await send(path, init).catch(() => undefined);
    if (response?.ok !== true) continue;
    const [held] = (await response.json()) as Held[];
    if (held === undefined || held.status.state === 'unprocessed') continue;
    const { state, silencedBy = [], inhibitedBy = [] } = held.status;
    const why = silencedBy.length > 0 ? 'silenced' : inhibitedBy.length > 0 ? 'inhibited' : 'muted';
    return { receivers: held.receivers.map(({ name }) => name), muted: state === 'suppressed' ? why : '' };
  }
  return undefined;
}

/**
 * Tells Alertmanagers that a drill was not blocked.
 *
 * @param now seconds from epoch
 * @returns those that took it; the others cannot be reached
 */
export async function postNotBlocked(
  urls: readonly string[],
  reason: string,
  now: number,
  send: typeof fetch,
): Promise<string[]> {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const alert = {
    labels: {
      alertname: ALERT.DRILL_NOT_BLOCKED,
      component: ALERT.COMPONENT,
      drill: ALERT.DRILL,
      guardrail: DRILL_NAME,
      severity: 'critical',
    },
    annotations: {
      summary: 'DRILL: a violation that a drill made was not blocked.',
      description: `Guard-rails may not act. The drill stopped at the step ${reason}.`,
    },
    startsAt: time(now),
    endsAt: time(now + LASTS),
  };
  const headers = { 'content-type': 'application/json' };
  const taken = urls.map(async (url): Promise<string[]> => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const init = { method: 'POST', headers, body: JSON.stringify([alert]), signal, redirect: 'manual' } as const;
    const response = await send(`${url}/api/v2/alerts`, init).catch(() => undefined);
    return response?.ok === true ? [url] : [];
  });
  return (await Promise.all(taken)).flat();
}
