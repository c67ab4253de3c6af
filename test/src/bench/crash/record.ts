import { createHash } from 'node:crypto';
import { canonicalJson } from '@guardspan/policy/runtime';
import { HttpClient } from '../process/http-client.js';
import { CRASH } from './documents.js';
import type { Truth } from './feeder.js';
import type { Operator } from './operator.js';

interface AuditRecord {
  seq: number;
  kind: string;
  at: number;
  actor: string;
  guardrail: string;
  traceId: string;
  verdictId: string;
  body: { reason?: string; state?: string; code?: string; series?: { tenant?: string } };
  previous: string;
  hash: string;
}

/** What an evaluator has on record. */
export class OnRecord {
  readonly #client = new HttpClient();

  constructor(private readonly url: string) {}

  /** The whole audit, in order. */
  async audit(): Promise<AuditRecord[]> {
    const records: AuditRecord[] = [];
    for (;;) {
      const after = records.at(-1)?.seq ?? 0;
      const { items } = await this.#client.get<{ items: AuditRecord[] }>(
        `${this.url}/api/v1/audit?limit=1000&after=${after}`,
      );
      if (items.length === 0) return records;
      records.push(...items);
    }
  }

  /** Acknowledged rows that are missing. */
  async lost(operator: Operator, audit: readonly AuditRecord[]): Promise<number> {
    const reasons = (kind: string): Set<string> =>
      new Set(audit.filter((record) => record.kind === kind).map(({ body }) => body.reason ?? ''));
    const history = await this.#client.get<{ items: { revision: string }[] }>(
      `${this.url}/api/v1/guardrails/${CRASH.EDITED}/history`,
    );
    const revisions = new Set(history.items.map(({ revision }) => revision));
    const audited = new Set(audit.filter(({ kind }) => kind === 'verdict').map(({ verdictId }) => verdictId));
    let lost = await operator.lostFacts(this.url);
    lost += missing(operator.kills, reasons('kill'));
    lost += missing(operator.feedback, reasons('feedback'));
    lost += missing(operator.revisions, revisions);
    for (const id of operator.verdicts) {
      const { status } = await this.#client.send('GET', `${this.url}/api/v1/verdicts/${id}`);
      if (status !== 200 || !audited.has(id)) lost++;
    }
    return lost;
  }

  /** Counts and sums that differ from the truth, and series that should not be. */
  async wrongCounts(truth: ReadonlyMap<string, Truth>): Promise<number> {
    type Reading = { value: number };
    const { items } = await this.#client.get<{
      items: { series: { tenant: string }; signals: { calls: Reading; tokens: Reading } }[];
    }>(`${this.url}/api/v1/series?guardrail=${CRASH.TOTALS}&limit=1000`);
    const found = new Map(items.map(({ series, signals }) => [series.tenant, signals]));
    let wrong = items.filter(({ series }) => !truth.has(series.tenant)).length;
    for (const [tenant, { calls, tokens }] of truth) {
      const signals = found.get(tenant);
      if (signals?.calls.value !== calls) wrong++;
      if (signals?.tokens.value !== tokens) wrong++;
    }
    return wrong;
  }

  close(): void {
    this.#client.close();
  }
}

/** Places at which the chain of hashes is broken, worked out here from its definition. */
export function brokenLinks(audit: readonly AuditRecord[]): number {
  let previous = '0'.repeat(64);
  let broken = 0;
  audit.forEach((record, i) => {
    const { seq, kind, at, actor, guardrail, traceId, verdictId, body } = record;
    const text = canonicalJson({ seq, kind, at, actor, guardrail, traceId, verdictId, body });
    const hash = createHash('sha256').update(record.previous).update(text).digest('hex');
    if (seq !== i + 1 || record.previous !== previous || record.hash !== hash) broken++;
    previous = record.hash;
  });
  return broken;
}

/** Which guard-rail fired or was released for which series, in order. */
export function verdictSequence(audit: readonly AuditRecord[]): string[] {
  return audit
    .filter(({ kind }) => kind === 'verdict')
    .map(({ guardrail, body }) => `${guardrail} ${body.series?.tenant} ${body.state} ${body.code}`);
}

function missing(expected: ReadonlySet<string>, found: ReadonlySet<string>): number {
  let count = 0;
  for (const one of expected) if (!found.has(one)) count++;
  return count;
}
