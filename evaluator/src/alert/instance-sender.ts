import { withExternalLabels } from './alert-identity.js';
import type { AlertRow, InstanceState, InstanceStatus, PostAlerts, WireAlert } from './types.js';

/** Options of {@link InstanceSender}. Times in seconds. */
export interface InstanceSenderOptions {
  url: string;
  post: PostAlerts;
  /** Asks the instance for its state; resolves to undefined when it does not say. Never rejects. */
  ask: () => Promise<InstanceStatus | undefined>;
  /** Whether another instance is known to notify now. */
  othersReady: () => boolean;
  now: () => number;
  /** 0..1, for the jitter of waiting times. */
  random: () => number;
  /** An alert that lasts is sent again after this time. */
  resend: number;
  externalLabels: { [name: string]: string };
  /** Alerts that every instance has to know. */
  alerts: () => readonly AlertRow[];
  /** Told of each alert that was accepted, and of each request that failed. */
  onAccepted: (rows: readonly AlertRow[]) => void;
  onFailed: (reason: string, alerts: number) => void;
}

/** What this instance knows of an alert. */
interface Known {
  startsAt: number;
  version: number;
  at: number;
}

/** Alerts in one request; Prometheus sends as many. */
const MAX_BATCH = 64;
/** Seconds until one that settles is asked again. */
const SETTLE_WAIT = 0.5;
const FIRST_WAIT = 0.25;
const MAX_WAIT = 10;
/** Without news an alert ends by itself after so many times the interval of sending, and not before two minutes. */
const EXPIRY = 4;
const MIN_EXPIRY = 120;

/** Keeps one Alertmanager informed: one request at a time, in order, until it knows the newest state of every alert. No clock of its own. */
export class InstanceSender {
  readonly #options: InstanceSenderOptions;
  readonly #known = new Map<string, Known>();
  #sending = false;
  #failures = 0;
  #nextAt = 0;
  #failingSince = 0;
  #lastSuccessAt = 0;
  #reason = '';
  #closed = false;
  #start = '';
  #ready = false;
  #settling = false;

  constructor(options: InstanceSenderOptions) {
    this.#options = options;
  }

  /** Sends what is due. Call it when something changed, and each 100 ms. */
  poke(): void {
    if (this.#closed || this.#sending || this.#options.now() < this.#nextAt) return;
    const due = this.#due();
    if (due.length === 0) return;
    this.#sending = true;
    void this.#send(due.slice(0, MAX_BATCH)).finally(() => {
      this.#sending = false;
      this.poke();
    });
  }

  state(): InstanceState {
    return {
      url: this.#options.url,
      reason: this.#reason,
      failingSince: this.#failingSince,
      lastSuccessAt: this.#lastSuccessAt,
      waiting: this.#due().length,
    };
  }

  /** Whether the instance notified when it was last heard. */
  get ready(): boolean {
    return this.#ready;
  }

  /** When the instance last accepted this alert as it began; 0 for never. */
  acceptedAt({ key, startsAt }: AlertRow): number {
    const known = this.#known.get(key);
    return known?.startsAt === startsAt ? known.at : 0;
  }

  close(): void {
    this.#closed = true;
  }

  #due(): AlertRow[] {
    const { alerts, now, resend } = this.#options;
    const rows = alerts();
    if (this.#known.size > rows.length) {
      const present = new Set(rows.map(({ key }) => key));
      for (const key of this.#known.keys()) if (!present.has(key)) this.#known.delete(key);
    }
    const at = now();
    return rows.filter((row) => {
      // The rule says when it ends; two that say so would wake people again.
      if (row.leftToRule && row.endedAt > 0) return false;
      const known = this.#known.get(row.key);
      return known?.startsAt !== row.startsAt || known.version !== row.version || at - known.at >= resend;
    });
  }

  async #send(rows: readonly AlertRow[]): Promise<void> {
    const { now, post, onAccepted, onFailed } = this.#options;
    if (await this.#mustWait()) return;
    const at = now();
    let reason = '';
    let refused = false;
    try {
      const status = await post(JSON.stringify(rows.map((row) => this.#wire(row, at))));
      if (status < 200 || status > 299) reason = `it answered ${status}`;
      refused = status === 400;
    } catch (error) {
      reason = (error as Error).message;
    }
    // It keeps alerts in memory only: one that was away may know nothing of what it took before.
    if (reason === '' && this.#failingSince > 0) this.#known.clear();
    this.#ready = reason === '' && !this.#settling;
    // Alertmanager takes the good ones of a request that it answers with 400: sending them again at once would change nothing.
    if (reason === '' || refused)
      for (const { key, startsAt, version } of rows) this.#known.set(key, { startsAt, version, at });
    this.#reason = reason;
    if (reason === '') {
      this.#failures = 0;
      this.#nextAt = 0;
      this.#failingSince = 0;
      this.#lastSuccessAt = now();
      onAccepted(rows);
      return;
    }
    if (this.#failingSince === 0) this.#failingSince = now();
    const wait = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#nextAt = now() + wait * (0.5 + this.#options.random() / 2);
    onFailed(reason, rows.length);
  }

  /**
   * Whether alerts are kept from the instance for now. One that was restarted is told everything again, but not while it waits for its cluster: it would hold
   * what it is told, and tell it when it has settled, also when the others have told of the end since.
   */
  async #mustWait(): Promise<boolean> {
    const { ask, othersReady, now } = this.#options;
    const status = await ask();
    if (status === undefined) return false;
    if (status.start !== this.#start) this.#known.clear();
    this.#start = status.start;
    this.#settling = status.settling;
    if (!status.settling) return false;
    this.#ready = false;
    if (!othersReady()) return false;
    this.#nextAt = now() + SETTLE_WAIT;
    return true;
  }

  #wire(row: AlertRow, now: number): WireAlert {
    const { externalLabels, resend } = this.#options;
    const end = row.endedAt > 0 ? row.endedAt : now + Math.max(MIN_EXPIRY, EXPIRY * resend);
    return {
      labels: withExternalLabels(row.labels, externalLabels),
      annotations: row.annotations,
      startsAt: new Date(row.startsAt * 1000).toISOString(),
      endsAt: new Date(end * 1000).toISOString(),
      generatorURL: row.annotations['verdicts_url'] ?? '',
    };
  }
}
