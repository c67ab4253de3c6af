import { createServer, type Server } from 'node:http';

/** One alert in one notification of Alertmanager. */
export interface Notification {
  /** Milliseconds, of our clock. */
  at: number;
  guardrail: string;
  status: 'firing' | 'resolved';
  /** What a receiver opens an incident by: PagerDuty and Opsgenie take the hash of it. */
  incident: string;
}

/** One violation of a guard-rail, from its first bad call until nothing of it may be heard any more. Milliseconds. */
export interface Breach {
  guardrail: string;
  from: number;
  until: number;
}

/** What people would have seen of breaches. */
export interface Judgement {
  /** From the first bad call to the first notification, for each breach that was told. Milliseconds. */
  latencies: number[];
  /** Incidents of a breach beyond its first. */
  duplicates: number;
  /** Times that an incident was raised again after it had ended, within one breach. */
  refires: number;
  /** Breaches that nobody was told of, or whose end nobody was told of. */
  lost: number;
  /** Notifications that say again what the one before said of the same incident: receivers merge them by its key. */
  repeats: number;
}

/** Compares breaches with what was notified. */
export function judge(breaches: readonly Breach[], notifications: readonly Notification[]): Judgement {
  const result: Judgement = { latencies: [], duplicates: 0, refires: 0, lost: 0, repeats: 0 };
  for (const { guardrail, from, until } of breaches) {
    const heard = notifications.filter((one) => one.guardrail === guardrail && one.at >= from && one.at < until);
    const states = new Map<string, 'firing' | 'resolved'>();
    for (const { incident, status } of heard) {
      const before = states.get(incident);
      states.set(incident, status);
      if (before === status) result.repeats++;
      else if (before === 'resolved') result.refires++;
      else if (before === undefined && states.size > 1) result.duplicates++;
    }
    const first = heard.find(({ status }) => status === 'firing');
    if (first !== undefined) result.latencies.push(first.at - from);
    if (first === undefined || [...states.values()].includes('firing')) result.lost++;
  }
  return result;
}

/** A receiver of Alertmanager's webhooks (version 4) that keeps what it is told. */
export class NotificationSink {
  readonly heard: Notification[] = [];
  readonly #server: Server;

  /** @param port of loopback */
  constructor(port: number) {
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        const at = Date.now();
        const { groupKey, alerts } = JSON.parse(text) as {
          groupKey: string;
          alerts: { status: 'firing' | 'resolved'; labels: { guardrail?: string } }[];
        };
        for (const { status, labels } of alerts)
          this.heard.push({ at, guardrail: labels.guardrail ?? '', status, incident: groupKey });
        response.end();
      });
    }).listen(port, '127.0.0.1');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
