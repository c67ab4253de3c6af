import type { AuditRecord, AuditSource } from '@guardspan/evaluator';
import { ApiClient } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import type { ServerFlags } from '../server-flags.js';
import { auditRecords } from './audit-records.js';

/** Records that one question may select; a trace has a handful. */
const MAX_SELECTED = 1000;

/** An export file as a source: each question reads it once more, so that its size does not matter. */
export function fileSource(file: string, io: CliIo): AuditSource {
  const select = async (wanted: (record: AuditRecord) => boolean): Promise<AuditRecord[]> => {
    const found: AuditRecord[] = [];
    for await (const record of auditRecords(file, {}, io)) {
      if (wanted(record)) found.push(record);
      if (found.length >= MAX_SELECTED) break;
    }
    return found;
  };
  return {
    byTrace: (traceId) => select((record) => record.traceId === traceId),
    byVerdicts: (ids) => select((record) => ids.includes(record.verdictId) && record.kind !== 'decision'),
    documents: (names) => select((record) => record.kind === 'document' && names.includes(record.guardrail)),
  };
}

/** The evaluator as a source, by its query API. */
export async function evaluatorSource(options: ServerFlags, io: CliIo): Promise<AuditSource> {
  const client = await ApiClient.create(options, io);
  const query = async (filter: Record<string, string>): Promise<AuditRecord[]> => {
    const search = new URLSearchParams({ ...filter, limit: String(MAX_SELECTED) });
    const { body } = await client.request('GET', `/api/v1/audit?${search.toString()}`);
    return (body as { items: AuditRecord[] }).items;
  };
  const each = async (filters: Record<string, string>[]): Promise<AuditRecord[]> => {
    const found: AuditRecord[] = [];
    for (const filter of filters) found.push(...(await query(filter)));
    return found.sort((a, b) => a.seq - b.seq);
  };
  return {
    byTrace: (traceId) => query({ traceId }),
    byVerdicts: async (ids) =>
      (await each(ids.map((verdictId) => ({ verdictId })))).filter(({ kind }) => kind !== 'decision'),
    documents: (names) => each(names.map((guardrail) => ({ kind: 'document', guardrail }))),
  };
}
