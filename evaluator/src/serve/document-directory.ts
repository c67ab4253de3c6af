import { readdir, readFile } from 'node:fs/promises';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { extname, join } from 'node:path';
import { loadGuardrails } from '@guardspan/policy';
import type { DocumentService } from '../http/deps.js';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);
/** Editors write a file in several steps; changes within this time (ms) are read once. */
const SETTLE_MS = 200;

/** What is told of a directory of documents. */
export interface DirectoryReport {
  /** Names that are in force from this directory. */
  loaded: string[];
  /** A broken document is refused and the one in force stays. */
  refused: { file: string; code: string; message: string }[];
}

/** A directory of guard-rail documents that git owns. */
export class DocumentDirectory {
  readonly #directory: string;
  readonly #documents: DocumentService;
  readonly #report: (report: DirectoryReport) => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> = Promise.resolve();
  #known = new Set<string>();

  constructor(directory: string, documents: DocumentService, report: (report: DirectoryReport) => void) {
    this.#directory = directory;
    this.#documents = documents;
    this.#report = report;
  }

  /** Reads everything, then follows changes. */
  async start(): Promise<void> {
    await this.reload();
    this.#watcher = watch(this.#directory, { persistent: false }, () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.reload(), SETTLE_MS);
    });
    this.#watcher.on('error', () => undefined);
  }

  /** Reads the directory again, one reading at a time. */
  reload(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#read());
    return this.#loading;
  }

  /** Stops following. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#loading;
  }

  async #read(): Promise<void> {
    const report: DirectoryReport = { loaded: [], refused: [] };
    const present = new Set<string>();
    try {
      for (const name of (await readdir(this.#directory)).sort()) {
        if (!EXTENSIONS.has(extname(name))) continue;
        const file = join(this.#directory, name);
        const { guardrails, errors } = loadGuardrails(await readFile(file, 'utf8'), { file });
        for (const error of errors) {
          report.refused.push({ file, code: error.code, message: `${error.line}:${error.column} ${error.message}` });
        }
        // A file with a broken document may have held names that are in force: none of them is taken away.
        if (errors.length > 0) for (const known of this.#known) present.add(known);
        for (const { guardrail, source } of guardrails) {
          present.add(guardrail.metadata.name);
          await this.#publish(guardrail.metadata.name, source, file, report);
        }
      }
    } catch (error) {
      report.refused.push({ file: this.#directory, code: 'GUARDSPAN_DIRECTORY', message: (error as Error).message });
      this.#report(report);
      return;
    }
    for (const name of this.#known) if (!present.has(name)) await this.#remove(name, report);
    this.#known = present;
    this.#report(report);
  }

  async #publish(name: string, text: string, file: string, report: DirectoryReport): Promise<void> {
    try {
      await this.#documents.publish({
        text,
        file,
        origin: 'git',
        author: 'git',
        approver: 'git',
        expected: undefined,
        dryRun: false,
        allowPartial: true,
      });
      report.loaded.push(name);
    } catch (error) {
      report.refused.push({
        file,
        code: (error as { code?: string }).code ?? 'GUARDSPAN_REFUSED',
        message: `${name}: ${(error as Error).message}`,
      });
    }
  }

  async #remove(name: string, report: DirectoryReport): Promise<void> {
    try {
      await this.#documents.remove({ name, author: 'git', origin: 'git', expected: undefined });
    } catch (error) {
      report.refused.push({
        file: this.#directory,
        code: (error as { code?: string }).code ?? 'GUARDSPAN_REFUSED',
        message: `${name}: ${(error as Error).message}`,
      });
    }
  }
}
