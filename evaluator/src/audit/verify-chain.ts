import type { AuditRecord } from '../store/types.js';
import { auditHash, GENESIS_HASH } from './chain.js';

/**
 * What is wrong at one place of a chain. `changed`: the record does not hash to its own hash. `missing`: numbers before it are absent.
 * `reordered`: its number is not above the one before it. `broken`: whole in itself, but not made after the record before it.
 */
export interface ChainFault {
  kind: 'changed' | 'missing' | 'reordered' | 'broken';
  seq: number;
  message: string;
}
export interface ChainReport {
  valid: boolean;
  records: number;
  first: number;
  last: number;
  /** Hash of the last record: keep it elsewhere, and a chain that was rewritten as a whole shows too. */
  head: string;
  /** At most `maxFaults`. */
  faults: ChainFault[];
}

/**
 * Checks a run of audit records in the order in which they are given.
 * @param options.fromGenesis false for an export that starts later (retention removes the oldest). Default: whether the first seq is 1.
 * @param options.head hash that the last record must have, as it was noted elsewhere.
 * @param options.maxFaults default 100.
 */
export function verifyChain(
  records: Iterable<AuditRecord>,
  options: { fromGenesis?: boolean; head?: string; maxFaults?: number } = {},
): ChainReport {
  const maxFaults = options.maxFaults ?? 100;
  const report: ChainReport = { valid: true, records: 0, first: 0, last: 0, head: '', faults: [] };
  const fault = (kind: ChainFault['kind'], seq: number, message: string): void => {
    report.valid = false;
    if (report.faults.length < maxFaults) report.faults.push({ kind, seq, message });
  };
  let before: AuditRecord | undefined;
  for (const record of records) {
    report.records += 1;
    if (auditHash(record.previous, record.seq, record) !== record.hash) {
      fault('changed', record.seq, `Record ${record.seq} does not match its hash: it was changed.`);
    }
    if (before === undefined) {
      report.first = record.seq;
      const genesis = options.fromGenesis ?? record.seq === 1;
      if (genesis && record.seq !== 1) {
        fault('missing', record.seq, `Records 1 to ${record.seq - 1} are missing.`);
      } else if (genesis && record.previous !== GENESIS_HASH) {
        fault('broken', record.seq, `Record ${record.seq} does not start the chain.`);
      }
    } else if (record.seq <= before.seq) {
      fault('reordered', record.seq, `Record ${record.seq} stands after record ${before.seq}.`);
    } else if (record.seq > before.seq + 1) {
      fault('missing', record.seq, `Records ${before.seq + 1} to ${record.seq - 1} are missing.`);
    } else if (record.previous !== before.hash) {
      fault('broken', record.seq, `Record ${record.seq} was not made after record ${before.seq} as it stands here.`);
    }
    before = record;
  }
  report.last = before?.seq ?? 0;
  report.head = before?.hash ?? '';
  if (options.head !== undefined && options.head !== report.head) {
    fault(
      'missing',
      report.last,
      `The chain ends with ${report.head || 'nothing'}, not with the noted head ${options.head}.`,
    );
  }
  return report;
}
