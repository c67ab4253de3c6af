import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell, Row } from './suite.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const FILE = join(ROOT, '.cache', 'conformance-clients.jsonl');
/** Builds on which every cell stands. */
const BUILDS = ['policy/dist', 'instrumentation/dist', 'evaluator/dist', 'test/dist/conformance'];

/** Cells of an earlier run of the same builds in which everything passed: a run that was broken off goes on after them. */
export class FinishedCells {
  readonly #known = new Map<string, Row[]>();

  /** @param resume False: the run begins anew, and earlier cells are forgotten. */
  constructor(resume: boolean) {
    const digest = digestOf(BUILDS);
    mkdirSync(dirname(FILE), { recursive: true });
    const [first = '', ...lines] = resume ? read().split('\n') : [];
    if (first !== digest) writeFileSync(FILE, `${digest}\n`);
    else {
      for (const line of lines) {
        const cell = parsed(line);
        if (cell) this.#known.set(...cell);
      }
    }
  }

  /** Rows of a cell that need not run again. */
  rowsOf(cell: Cell): Row[] | undefined {
    return this.#known.get(keyOf(cell));
  }

  /** Remembers the rows of a cell, unless one of them failed. */
  add(cell: Cell, rows: Row[]): void {
    if (rows.every(({ pass }) => pass)) appendFileSync(FILE, `${JSON.stringify([keyOf(cell), rows])}\n`);
  }
}

function keyOf({ client, module, act, line }: Cell): string {
  return `${client.name} ${module} ${act} ${line}`;
}

function read(): string {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return '';
  }
}

/** Undefined for a line that was not written to its end. */
function parsed(line: string): [string, Row[]] | undefined {
  try {
    return JSON.parse(line) as [string, Row[]];
  } catch {
    return undefined;
  }
}

function digestOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}
