import { canonicalJson } from '@guardspan/policy/runtime';
import type { AuditQuery, AuditRecord, Store } from '../store/types.js';

/** Records read from the store at a time. */
const PAGE = 500;

/** One record as a line of the export: canonical JSON, so that anybody can hash it again. */
export function auditLine(record: AuditRecord): string {
  return `${canonicalJson(record)}\n`;
}

/** All records that a query selects as JSONL, oldest first, one page at a time. Rejects with StoreError. */
export async function* exportAudit(
  store: Pick<Store, 'queryAudit'>,
  query: Omit<AuditQuery, 'descending' | 'limit'> = {},
): AsyncGenerator<string, void, void> {
  let after = query.after ?? 0;
  for (;;) {
    const page = await store.queryAudit({ ...query, after, limit: PAGE });
    if (page.length > 0) yield page.map(auditLine).join('');
    if (page.length < PAGE) return;
    after = page[page.length - 1]!.seq;
  }
}
