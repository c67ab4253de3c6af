import type { AuditRecord } from '@guardspan/evaluator';
import { ApiClient } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { openInput } from '../input/open-input.js';
import { readLines } from '../input/read-lines.js';
import type { ServerFlags } from '../server-flags.js';
import { MAX_AUDIT_LINE, parseRecord } from './parse-record.js';

/** The records of an export in its order, from a file (`-`: standard input), or from the evaluator when no file is named. Holds one line at a time. */
export async function* auditRecords(
  file: string | undefined,
  options: ServerFlags,
  io: CliIo,
): AsyncGenerator<AuditRecord, void, void> {
  const { name, stream } =
    file === undefined
      ? { name: 'the export', stream: (await ApiClient.create(options, io)).stream('/api/v1/audit/export') }
      : await openInput(file, io);
  for await (const { number, text } of readLines(stream, name, MAX_AUDIT_LINE))
    if (text !== '') yield parseRecord(text, `${name}:${number}`);
}
