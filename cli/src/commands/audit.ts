import { createWriteStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ChainVerifier, reconstructDecision } from '@guardspan/evaluator';
import { Option } from 'commander';
import pc from 'picocolors';
import { ApiClient } from '../api-client.js';
import { auditRecords } from '../audit/audit-records.js';
import { evaluatorSource, fileSource } from '../audit/audit-source.js';
import { printStory } from '../audit/print-story.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { fileError } from '../file-error.js';
import { createWhole } from '../write-whole.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

type Format = 'text' | 'json';
interface VerifyFlags extends ServerFlags {
  head?: string;
  fromStart: boolean;
  format: Format;
}
interface ExportFlags extends ServerFlags {
  out?: string;
  kind?: string;
  guardrail?: string;
  trace?: string;
}

/** Adds `guardspan audit` with `verify`, `show` and `export`. */
export const addAudit: AddCommand = (program, io, finish) => {
  const audit = program.command('audit').description('check, read and keep the hash-chained audit');
  const format = (): Option =>
    new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');

  withServer(audit.command('verify'))
    .description('check the chain; names each changed, missing, reordered, repeated or exchanged record')
    .argument('[file]', 'an export (- is standard input); left out, the evaluator is asked')
    .option('--head <hash>', 'hash that the last record must have, as you noted it elsewhere')
    .option('--from-start', 'the export must begin with record 1', false)
    .addOption(format())
    .action(async (file: string | undefined, options: VerifyFlags) => finish(await verify(file, options, io)));

  withServer(audit.command('show'))
    .description(
      'reconstruct what was decided in a trace: who, which revision, verdicts, actions, directives, feedback',
    )
    .argument('<trace>', 'trace id, 32 hexadecimal digits')
    .argument('[file]', 'an export; left out, the evaluator is asked')
    .addOption(format())
    .action(async (trace: string, file: string | undefined, options: ServerFlags & { format: Format }) =>
      finish(await show(trace, file, options, io)),
    );

  withServer(audit.command('export'))
    .description('write the audit of the evaluator as JSON lines, oldest first')
    .option('--out <file>', 'a new file instead of standard output (mode 0600)')
    .option('--kind <kind>', 'only records of this kind; with a filter the chain has gaps')
    .option('--guardrail <name>', 'only records of this guard-rail')
    .option('--trace <id>', 'only records of this trace')
    .action(async (options: ExportFlags) => finish(await exportTo(options, io)));
};

async function verify(file: string | undefined, options: VerifyFlags, io: CliIo): Promise<number> {
  const { head, fromStart } = options;
  if (head !== undefined && !/^[0-9a-f]{64}$/i.test(head))
    throw new CliError(WRONG_USE, `--head ${head} is no hash`, 'write the 64 hexadecimal digits that `verify` printed');
  const verifier = new ChainVerifier({
    ...(head === undefined ? {} : { head: head.toLowerCase() }),
    ...(fromStart ? { fromGenesis: true } : {}),
  });
  for await (const record of auditRecords(file, options, io)) verifier.add(record);
  const report = verifier.report();
  // Nothing that was checked must not look as if it had passed.
  const whole = report.valid && report.records > 0;
  if (options.format === 'json') {
    io.out(`${JSON.stringify({ ...report, valid: whole })}\n`);
  } else {
    const { red } = pc.createColors(io.color);
    for (const { kind, seq, message } of report.faults) io.out(`${red(kind)} ${seq}  ${message}\n`);
    const hidden = report.faultCount - report.faults.length;
    if (hidden > 0) io.out(`and ${hidden} more\n`);
    const run = `${report.records} records, ${report.first} to ${report.last}`;
    if (report.records === 0) io.out('no records: nothing was checked\n');
    else io.out(`${run}: ${report.valid ? 'the chain is whole' : 'the chain is not whole'}\n`);
    if (report.start === 'anchor')
      io.out(`records before ${report.first} were removed by retention, as record ${report.anchor} says\n`);
    if (report.start === 'unknown')
      io.out(
        `no record says why the chain begins with record ${report.first}: an export before retention may hold those before\n`,
      );
    if (report.head !== '') io.out(`head ${report.head}\n`);
  }
  return whole ? EXIT.OK : EXIT.FAILED;
}

async function show(
  trace: string,
  file: string | undefined,
  options: ServerFlags & { format: Format },
  io: CliIo,
): Promise<number> {
  checkTrace(trace);
  if (file === '-') throw new CliError(WRONG_USE, 'an export is read more than once', 'name a file');
  const source = file === undefined ? await evaluatorSource(options, io) : fileSource(file, io);
  const story = await reconstructDecision(trace.toLowerCase(), source);
  if (story.decisions.length === 0 && story.related.length === 0)
    throw new CliError(
      'GUARDSPAN_NOT_FOUND',
      `the audit has no record of trace ${trace}`,
      'a call that every guard-rail lets pass leaves none; check the id, and that the export is new enough',
    );
  io.out(options.format === 'json' ? `${JSON.stringify(story)}\n` : printStory(story, io.color));
  if (story.changed.length === 0) return EXIT.OK;
  throw new CliError(
    'GUARDSPAN_AUDIT_CHANGED',
    `records that do not match their hash, so they were changed: ${story.changed.join(', ')}`,
    'run `guardspan audit verify` on the whole export',
  );
}

async function exportTo(options: ExportFlags, io: CliIo): Promise<number> {
  if (options.trace !== undefined) checkTrace(options.trace);
  const query = new URLSearchParams();
  if (options.kind !== undefined) query.set('kind', options.kind);
  if (options.guardrail !== undefined) query.set('guardrail', options.guardrail);
  if (options.trace !== undefined) query.set('traceId', options.trace.toLowerCase());
  const client = await ApiClient.create(options, io);
  const stream = client.stream(`/api/v1/audit/export?${query.toString()}`);
  if (options.out === undefined) {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      io.out(decoder.decode(bytes, { stream: true }));
      await io.drained();
    }
    return EXIT.OK;
  }
  const path = options.out;
  if (existsSync(path)) throw fileExists(path);
  await createWhole(path, (name) => pipeline(stream, createWriteStream(name, { flags: 'wx', mode: 0o600 }))).catch(
    (error: NodeJS.ErrnoException) => {
      if (error instanceof CliError) throw error;
      if (error.code === 'EEXIST') throw fileExists(path);
      throw new CliError('GUARDSPAN_FILE', `${path}: ${fileError(error)}`, 'no file was made: write it elsewhere');
    },
  );
  return EXIT.OK;
}

function fileExists(path: string): CliError {
  return new CliError(
    'GUARDSPAN_FILE_EXISTS',
    `${path}: this file exists already`,
    'name a new file: an export is never overwritten',
  );
}

function checkTrace(trace: string): void {
  if (/^[0-9a-f]{32}$/i.test(trace)) return;
  throw new CliError(WRONG_USE, `"${trace}" is no id of a trace`, 'write its 32 hexadecimal digits');
}
