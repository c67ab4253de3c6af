import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOtlpLine, readMapping, readOtlpLine, readTable } from '@guardspan/evaluator';
import type { CallMapping, LeftOutRows, ReplayCall, RowTime } from '@guardspan/evaluator';
import { readCall } from '@guardspan/policy';
import type { GuardspanError } from '@guardspan/policy';
import { CliError, WRONG_USE } from '../cli-error.js';
import { fileError } from '../file-error.js';

/** Largest file of calls, bytes: a replay holds all calls, and one text holds no more. */
const MAX_BYTES = 512_000_000;
const MAPPING = '.mapping';

/** Recorded calls, and how their rows are timed when the rows and not a clock say so. */
export interface LoadedReplay {
  calls: ReplayCall[];
  rows: RowTime | null;
  /** Rows of a table that have no time; none for other files. */
  leftOut: LeftOutRows;
}

/**
 * Reads recorded calls: JSON lines (a ModelCall each, or OTLP requests as the Collector's file exporter writes them), or a table with a mapping.
 * @throws CliError FAILED that names file and line, and says what to write
 */
export async function loadReplay(
  file: string,
  guardrails: string,
  mappingFile: string | undefined,
): Promise<LoadedReplay> {
  const information = await stat(file).catch((error: unknown) => {
    throw new CliError(WRONG_USE, `${file}: ${fileError(error)}`, 'name a file of recorded calls');
  });
  if (information.isDirectory())
    throw new CliError(WRONG_USE, `${file}: this is a directory`, 'name a file of recorded calls');
  const { size } = information;
  if (size > MAX_BYTES)
    throw new CliError(
      'GUARDSPAN_INPUT_TOO_LARGE',
      `${file} has ${size} bytes, a replay takes ${MAX_BYTES}`,
      'split the file by time',
    );
  const text = decoded(await readFile(file), file);
  if (text.trim() === '') throw noCall(file, EMPTY);
  if (/\.(csv|tsv)$/i.test(file) || mappingFile !== undefined) {
    const mapping = await findMapping(file, guardrails, mappingFile);
    const { calls, leftOut } = readTable(text, file, mapping);
    const rows = mapping !== undefined && 'row' in mapping.time ? { perBucket: mapping.time.perBucket } : null;
    return { calls, rows, leftOut };
  }
  const calls = readLines(text, file).sort((a, b) => a.call.startedAt - b.call.startedAt);
  if (calls.length === 0) throw noCall(file, NO_MODEL_CALL);
  return { calls, rows: null, leftOut: { rows: 0, first: null } };
}

type NoCall = readonly [what: string, hint: string];
const EMPTY: NoCall = [
  'the file is empty',
  'name a file with one call on each line, or a table with a header and one call in each row',
];
const NO_MODEL_CALL: NoCall = [
  'its OTLP lines hold no span of a model call',
  'record what the guard feed or the instrumentation of a model client sends',
];

/** A file with content that yields no call: a replay of nothing must not look like one that found nothing. */
function noCall(file: string, [what, hint]: NoCall): CliError {
  return new CliError('GUARDSPAN_TABLE', `${file}: ${what}, so there is no call to replay`, hint);
}

async function findMapping(file: string, guardrails: string, named?: string): Promise<CallMapping | undefined> {
  const candidates = named === undefined ? await mappingsIn(file, guardrails) : [named];
  if (candidates.length > 1)
    throw new CliError(WRONG_USE, `there are several mappings: ${candidates.join(', ')}`, 'choose one with --mapping');
  const [path] = candidates;
  return path === undefined ? undefined : readMapping(await readFile(path, 'utf8'), path);
}

async function mappingsIn(file: string, guardrails: string): Promise<string[]> {
  const folder = await stat(guardrails).then(
    (found) => (found.isDirectory() ? guardrails : dirname(guardrails)),
    () => dirname(guardrails),
  );
  const beside = `${file}${MAPPING}`;
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.endsWith(MAPPING)).map((name) => join(folder, name));
  const own = await stat(beside).then(
    () => [beside],
    () => [],
  );
  return own.length > 0 ? own : found.sort();
}

/** UTF-8, or UTF-16 with its mark. */
function decoded(bytes: Uint8Array, file: string): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : '';
  try {
    return new TextDecoder(wide === '' ? 'utf-8' : wide, { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(
      'GUARDSPAN_FILE_ENCODING',
      `${file}:${firstBadLine(bytes)}: the line is not UTF-8`,
      'convert the file to UTF-8',
    );
  }
}

function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}

function readLines(text: string, file: string): ReplayCall[] {
  const calls: ReplayCall[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const place = `${file}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      const hint = 'write one call on each line, or name a table with a .csv or .tsv ending';
      throw new CliError('GUARDSPAN_LINE', `${place}: the line is not JSON`, hint);
    }
    if (isOtlpLine(value)) {
      calls.push(...readOtlpLine(line, place));
      return;
    }
    try {
      const { call, id } = readCall(value);
      if (call.startedAt === 0)
        throw new CliError('GUARDSPAN_CALL_FIELD', 'startedAt is missing', 'write when the call started');
      const name = id.callId || (id.traceId === '' ? place : `${id.traceId}:${id.spanId}`);
      calls.push({ call, id: name, traceId: id.traceId, facts: [] });
    } catch (error) {
      const { message, hint, code } = error as GuardspanError;
      throw new CliError(code, `${place}: ${message}`, hint);
    }
  });
  return calls;
}
