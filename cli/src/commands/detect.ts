import type { Finding } from '@guardspan/policy';
import {
  boundPack,
  DETECTOR_PACKS,
  detectText,
  GuardspanError,
  MAX_DETECT_LENGTH,
  PACK_PREFIX,
} from '@guardspan/policy';
import { InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
import { openInput } from '../input/open-input.js';
import type { Input } from '../input/open-input.js';
import { readLines } from '../input/read-lines.js';
import { loadSoundFiles } from '../load-document-files.js';
import { table } from '../output/table.js';
import { unknownName } from '../unknown-name.js';
import { repeated } from './command.js';
import type { AddCommand } from './command.js';

/** A text of the longest length in JSON, every character escaped. */
const MAX_LINE = MAX_DETECT_LENGTH * 6 + 64;

/** The pack that holds every detector. */
const EVERYTHING = 'all';
/** What is looked for when nobody says what: personal data that stands in any text, and secrets. */
const USUAL = ['pii', 'secrets'].flatMap((pack) => DETECTOR_PACKS[pack]!.map(({ entity }) => entity));

interface DetectOptions {
  json: boolean;
  entities: string[];
  minScore: number;
  exitCode: boolean;
  pack: string[];
}

/** Adds `guardspan detect`. */
export const addDetect: AddCommand = (program, io, finish) => {
  program
    .command('detect')
    .description('find personal data and secrets in a text; prints kinds and places, never the text')
    .argument('[file]', 'a text, or with --json lines of {"text": ...}; standard input when left out or -')
    .option('--json', 'for each line {"text": ...} print one line {"findings": [{entity, start, end, score}]}', false)
    .option('--entities <names>', 'only these, separated by commas (default: all of pii and secrets)', listOf, [])
    .option('--min-score <score>', 'leave out findings below, 0 to 1', scoreOf, 0.5)
    .option(
      '--pack <file>',
      'look for what packs of your own look for (kind: DetectorPack) in place of the usual; may be repeated',
      repeated,
      [],
    )
    .option('--exit-code', 'end with 1 when something is found', false)
    .action(async (file: string | undefined, options: DetectOptions) => finish(await detect(file, options, io)));
};

async function detect(file: string | undefined, options: DetectOptions, io: CliIo): Promise<number> {
  const find = options.pack.length > 0 ? await findByPacks(options) : findUsual(options);
  const input = await openInput(file, io);
  const found = options.json ? await detectLines(input, find, io) : await detectWhole(input, find, io);
  return found && options.exitCode ? EXIT.FAILED : EXIT.OK;
}

/** Looks for what is built in. */
function findUsual({ entities, minScore }: DetectOptions): (text: string) => Finding[] {
  checkEntities(
    entities,
    DETECTOR_PACKS[EVERYTHING]!.map(({ entity }) => entity),
    'there is none of that name',
  );
  return (text) => detectText(EVERYTHING, text, { entities: entities.length > 0 ? entities : USUAL, minScore });
}

/** An entity that does not exist is an error of the command line, whatever the input holds. */
function checkEntities(entities: readonly string[], known: readonly string[], why: string): void {
  const unknown = entities.find((entity) => !known.includes(entity));
  if (unknown !== undefined) throw unknownName(`--entities "${unknown}": ${why}`, unknown, known);
}

/** Looks for what the packs in files look for. An entity is named among all of them. */
async function findByPacks({ pack: files, entities, minScore }: DetectOptions): Promise<(text: string) => Finding[]> {
  const { DetectorPack: packs } = loadSoundFiles(await findDocuments(files));
  if (packs.length === 0)
    throw new CliError(
      'GUARDSPAN_NO_DOCUMENTS',
      `${files.join(', ')}: there is no pack`,
      'write a document of kind: DetectorPack',
    );
  const known = new Set(packs.flatMap(({ normal }) => Object.keys(normal.spec.entities)));
  checkEntities(entities, [...known], 'no pack has it');
  return (text) =>
    packs
      .flatMap(({ name, revision, normal }) => {
        const own = entities.filter((entity) => Object.hasOwn(normal.spec.entities, entity));
        if (entities.length > 0 && own.length === 0) return [];
        const pack = boundPack(normal, revision);
        return detectText(`${PACK_PREFIX}${name}`, text, { entities: own, minScore, pack });
      })
      .sort((a, b) => a.start - b.start);
}

async function detectLines(input: Input, find: (text: string) => Finding[], io: CliIo): Promise<boolean> {
  let any = false;
  for await (const { number, text: line } of readLines(input.stream, input.name, MAX_LINE)) {
    if (line.trim() === '') continue;
    const findings = at(`${input.name}:${number}`, () => find(textOf(line, `${input.name}:${number}`)));
    any ||= findings.length > 0;
    const shown = findings.map(({ entity, start, end, score }) => ({ entity, start, end, score }));
    io.out(`${JSON.stringify({ findings: shown })}\n`);
    await io.drained();
  }
  return any;
}

async function detectWhole(input: Input, find: (text: string) => Finding[], io: CliIo): Promise<boolean> {
  const lines: string[] = [];
  let length = 0;
  for await (const { text } of readLines(input.stream, input.name, MAX_LINE)) {
    length += text.length + 1;
    lines.push(text);
    if (length > MAX_DETECT_LENGTH + 1)
      throw new CliError(
        'GUARDSPAN_TEXT_TOO_LONG',
        `${input.name}: the text is longer than ${MAX_DETECT_LENGTH} characters`,
        'split it, or give its parts as lines of {"text": ...} with --json',
      );
  }
  const findings = at(input.name, () => find(lines.join('\n')));
  if (findings.length === 0) return false;
  const place = placesOf(lines);
  io.out(
    table(
      ['ENTITY', 'FROM', 'TO', 'SCORE'],
      findings.map(({ entity, start, end, score }) => [entity, place(start), place(end), score.toFixed(2)]),
    ),
  );
  return true;
}

/** `line:column` of an offset, both from 1. */
function placesOf(lines: readonly string[]): (offset: number) => string {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return `${low + 1}:${offset - starts[low]! + 1}`;
  };
}

function textOf(line: string, place: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CliError('GUARDSPAN_LINE', `${place}: the line is not JSON`, 'write one {"text": "..."} on each line');
  }
  const text = typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : undefined;
  if (typeof text !== 'string')
    throw new CliError(
      'GUARDSPAN_LINE',
      `${place}: "text" is missing or no string`,
      'write one {"text": "..."} on each line',
    );
  return text;
}

function at<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof GuardspanError) throw new CliError(error.code, `${place}: ${error.message}`, error.hint);
    throw error;
  }
}

function listOf(text: string): string[] {
  const names = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  // No name would mean all of them.
  if (names.length === 0) throw new InvalidArgumentError('It names nothing.');
  return names;
}

function scoreOf(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 1)) throw new InvalidArgumentError('It must be between 0 and 1.');
  return score;
}
