import type { AuditEntry, Store, VerdictRow } from '../../store/types.js';
import { StoreError } from '../../store/store-error.js';
import type { ActiveDirective } from './active-directive.js';

/** Most audit entries that wait for a store that does not answer; beyond, the oldest are dropped and counted. */
const MAX_WAITING = 10_000;

interface WaitingVerdict {
  row: VerdictRow;
  opens: boolean;
  report: unknown;
}

/**
 * Hands what was taken to the store, in one go. What the store refuses is kept for the next time. Resolves after the commit; rejects with the store's error.
 */
export type RecordsTaken = (store: Store) => Promise<void>;

/**
 * Collects what the channel wants on record and hands it to the store together with the checkpoint that caused it, so that counts,
 * verdicts and audit become durable in the same commit. Enforcement never waits for it.
 */
export class Recorder {
  readonly #verdicts = new Map<string, WaitingVerdict>();
  readonly #directives = new Map<string, ActiveDirective>();
  #audit: AuditEntry[] = [];
  #dropped = 0;

  /** The newest state of a verdict. `opens` is true for the row that begins it; `report` explains it and goes with the first. */
  verdict(row: VerdictRow, entry: AuditEntry, opens: boolean, report?: unknown): void {
    const waiting = this.#verdicts.get(row.id);
    this.#verdicts.set(row.id, {
      row,
      opens: opens || waiting?.opens === true,
      report: report ?? waiting?.report,
    });
    this.audit(entry);
  }

  directive(directive: ActiveDirective, entry: AuditEntry | undefined): void {
    this.#directives.set(directive.wire.id, directive);
    if (entry !== undefined) this.audit(entry);
  }

  audit(entry: AuditEntry): void {
    this.#audit.push(entry);
    if (this.#audit.length <= MAX_WAITING) return;
    this.#audit.shift();
    this.#dropped++;
  }

  /** Audit entries that were dropped because the store did not answer for long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Hands everything that waits to the store, in one go: {@link take} and {@link RecordsTaken} at once. */
  flush(store: Store): Promise<void> {
    return this.take()(store);
  }

  /** Takes everything that waits, to be handed to the store later. */
  take(): RecordsTaken {
    const verdicts = [...this.#verdicts.values()];
    const directives = [...this.#directives.values()];
    const entries = this.#audit;
    if (verdicts.length + directives.length + entries.length === 0) return () => Promise.resolve();
    this.#verdicts.clear();
    this.#directives.clear();
    this.#audit = [];
    return (store) => this.#write(store, verdicts, directives, entries);
  }

  async #write(
    store: Store,
    verdicts: readonly WaitingVerdict[],
    directives: readonly ActiveDirective[],
    entries: AuditEntry[],
  ): Promise<void> {
    const writes: Promise<unknown>[] = verdicts.map(({ row, opens, report }) =>
      store.putVerdict(row, report).catch((error: unknown) => {
        const newer = this.#verdicts.get(row.id);
        if (!isRetained(error)) {
          if (newer === undefined) this.#verdicts.set(row.id, { row, opens, report });
          else newer.report ??= report;
        }
        throw error;
      }),
    );
    if (directives.length > 0)
      writes.push(
        store
          .putDirectives(directives.map(({ wire, issuedAt, releasedAt }) => ({ ...wire, issuedAt, releasedAt })))
          .catch((error: unknown) => {
            for (const directive of directives)
              if (!isRetained(error) && !this.#directives.has(directive.wire.id))
                this.#directives.set(directive.wire.id, directive);
            throw error;
          }),
      );
    if (entries.length > 0)
      writes.push(
        store.appendAudit(entries).then(
          (records) => {
            for (const { row, opens } of verdicts) {
              if (!opens) continue;
              const opening = records.find((record) => record.verdictId === row.id && record.kind === 'verdict');
              // The row is written once more with its place in the audit, unless something newer waits already.
              if (opening === undefined || this.#verdicts.has(row.id)) continue;
              row.auditSeq = opening.seq;
              this.#verdicts.set(row.id, { row, opens: false, report: undefined });
            }
          },
          (error: unknown) => {
            if (!isRetained(error)) this.#audit = [...entries, ...this.#audit].slice(-MAX_WAITING);
            throw error;
          },
        ),
      );
    const results = await Promise.allSettled(writes);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** True when the store keeps the write and makes it later by itself. */
function isRetained(error: unknown): boolean {
  return error instanceof StoreError && error.retained;
}
