import type { SeriesView, Transition } from '../engine/types.js';
import type { Store } from '../store/types.js';
import type { AlertBook } from './alert-book.js';
import type { InstanceSender } from './instance-sender.js';
import type { AlertRow, InstanceState } from './types.js';
import { UnstoredRows } from './unstored-rows.js';

/** Options of {@link DirectAlerts}. Times in seconds. */
export interface DirectAlertsOptions {
  book: AlertBook;
  /** One for each Alertmanager; none when direct alerts are off. */
  senders: readonly InstanceSender[];
  store: Pick<Store, 'alerts' | 'putAlerts'>;
  now: () => number;
  /** Told of writes that failed; they are tried again. */
  onError: (error: unknown) => void;
  /** Told of alerts that begin or end. */
  onChanged?: (row: AlertRow) => void;
}

/** An alert that no Alertmanager takes for so long is left to the Prometheus rule. */
const LEFT_AFTER = 30;

/** The alerts of the evaluator: what fires, the outbox that survives a crash, and the Alertmanagers that are told. */
export class DirectAlerts {
  readonly #options: DirectAlertsOptions;
  /** Alert to what was last told of its state. */
  readonly #states = new Map<string, string>();
  readonly #unstored: UnstoredRows<AlertRow>;
  #startedAt: number;

  constructor(options: DirectAlertsOptions) {
    this.#options = options;
    this.#unstored = new UnstoredRows({
      write: (put, remove) => options.store.putAlerts(put, remove),
      onError: options.onError,
    });
    this.#startedAt = options.now();
  }

  /** Takes over the outbox that an earlier start left, and the series that fire. Rejects with StoreError. */
  async restore(series: readonly SeriesView[]): Promise<void> {
    const { book, store, now } = this.#options;
    const rows = await store.alerts();
    for (const row of rows) this.#states.set(row.key, stateOf(row));
    book.restore(rows, series, now());
    this.#startedAt = now();
    this.#changed();
  }

  /** Feed it every transition of the engine. */
  onTransition(transition: Transition): void {
    this.#options.book.onTransition(transition);
    this.#changed();
  }

  /** Call it when other documents came into force. */
  published(): void {
    this.#options.book.published(this.#options.now());
    this.#changed();
  }

  /** Ends, repeats and retries what is due. Call it each 100 ms. */
  tick(): void {
    const { book, senders, now } = this.#options;
    book.tick(now());
    if (senders.length > 0)
      for (const row of book.alerts())
        if (row.endedAt === 0 && now() - this.#lastNews(row) > LEFT_AFTER && this.#allFail()) book.leaveToRule(row.key);
    this.#changed();
  }

  /** How the Alertmanagers take what is sent to them. */
  instances(): InstanceState[] {
    return this.#options.senders.map((sender) => sender.state());
  }

  /** Every alert of the outbox, folded ones too. */
  alerts(): AlertRow[] {
    return this.#options.book.all();
  }

  /** Guard-rails about which people are told otherwise than by the Prometheus rule, which is silent about them. */
  told(names: readonly string[]): Set<string> {
    const told = new Set<string>(this.#options.senders.length > 0 ? names : []);
    for (const { guardrail, foldedInto, leftToRule } of this.#options.book.all()) {
      if (guardrail === '') continue;
      if (foldedInto !== '') told.add(guardrail);
      else if (leftToRule) told.delete(guardrail);
    }
    return told;
  }

  /** Folded guard-rails by storm alert; `byRule` when the Prometheus rule has to tell of them. */
  storms(): { owner: string; severity: string; folded: number; byRule: boolean }[] {
    const rows = this.#options.book.all();
    return rows
      .filter(({ guardrail, endedAt }) => guardrail === '' && endedAt === 0)
      .map(({ key, labels, leftToRule }) => ({
        owner: labels['owner'] ?? '',
        severity: labels['severity']!,
        folded: rows.filter(({ foldedInto, endedAt }) => foldedInto === key && endedAt === 0).length,
        byRule: this.#options.senders.length === 0 || leftToRule,
      }));
  }

  close(): void {
    for (const sender of this.#options.senders) sender.close();
  }

  /** The last time that some Alertmanager took this alert, or that it could have been told at all. */
  #lastNews(row: AlertRow): number {
    return Math.max(row.startsAt, this.#startedAt, ...this.#options.senders.map((sender) => sender.acceptedAt(row)));
  }

  #allFail(): boolean {
    return this.#options.senders.every((sender) => sender.state().failingSince > 0);
  }

  #changed(): void {
    const { put, remove } = this.#options.book.takeChanges();
    for (const row of put) {
      this.#unstored.put(row.key, row);
      if (this.#states.get(row.key) === stateOf(row)) continue;
      this.#states.set(row.key, stateOf(row));
      this.#options.onChanged?.(row);
    }
    for (const key of remove) {
      this.#unstored.remove(key);
      this.#states.delete(key);
    }
    // People are told first: a slow disk delays nobody.
    for (const sender of this.#options.senders) sender.poke();
    void this.#unstored.persist();
  }
}

function stateOf({ startsAt, endedAt }: AlertRow): string {
  return `${startsAt} ${endedAt > 0 ? 'ended' : 'lasts'}`;
}
