import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HELD_KINDS, loadDocuments } from '@guardspan/policy';
import type { HeldKind, LoadedDocument } from '@guardspan/policy';
import type { DocumentService } from '../http/deps.js';
import type { DocumentVersion } from '../store/types.js';
import { loopPause } from './loop-pause.js';

/** Bytes of one file; a larger one is refused. */
const MAX_FILE_BYTES = 1 << 20;
/** Time in ms that a directory must be quiet before it is read again. */
const QUIET_MS = 200;

/** Why a file or document of the directory is not in force. */
export interface DirectoryProblem {
  file: string;
  line: number;
  code: string;
  message: string;
}

interface FiledDocument {
  file: string;
  loaded: LoadedDocument<HeldKind>;
}

/** Brings a directory of YAML or JSON documents (owned by git) into force. A bad document is refused with its reason; the old one stays. */
export class GuardrailDirectory {
  #watcher: { close(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #pause = loopPause();

  constructor(
    private readonly directory: string,
    private readonly documents: DocumentService,
    private readonly onProblems: (problems: readonly DirectoryProblem[]) => void,
  ) {}

  /** Reads the directory and publishes what changed; documents that left are removed, unless a file could not be read. */
  reload(): Promise<readonly DirectoryProblem[]> {
    const next = this.#tail.then(() => this.#reload());
    this.#tail = next.catch(() => undefined);
    return next;
  }

  /** Reads it again after each change. Where the platform cannot watch, only {@link reload} does. */
  watch(): void {
    try {
      const watcher = watch(this.directory, { recursive: true, persistent: false }, () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.reload(), QUIET_MS);
        this.#timer.unref();
      });
      watcher.on('error', () => this.close());
      this.#watcher = watcher;
    } catch (error) {
      this.onProblems([problem(this.directory, 'GUARDSPAN_DIRECTORY_WATCH', (error as Error).message)]);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #reload(): Promise<readonly DirectoryProblem[]> {
    const problems: DirectoryProblem[] = [];
    const documents: FiledDocument[] = [];
    const keys = new Map<string, string>();
    const held = this.#held();
    for (const file of await this.#files(problems)) {
      await this.#pause();
      for (const loaded of await this.#load(file, held, problems)) {
        const key = `${loaded.kind}/${loaded.name}`;
        const other = keys.get(key);
        if (other === undefined) documents.push({ file, loaded });
        else problems.push(problem(file, 'GUARDSPAN_DUPLICATE_NAME', `${loaded.name} is in ${other} already`));
        keys.set(key, other ?? file);
      }
    }
    // What others refer to comes first. Those of one kind are handed over together, so that they are stored together.
    for (const kind of HELD_KINDS) {
      const ofKind = documents.filter(({ loaded }) => loaded.kind === kind);
      const refused = await Promise.all(ofKind.map((document) => this.#publish(document)));
      problems.push(...refused.flat());
    }
    // With a file that cannot be read nobody knows which documents left.
    if (problems.length === 0) await this.#removeOthers(keys, problems);
    if (problems.length > 0) this.onProblems(problems);
    return problems;
  }

  /** What is in force, by the text that it was written as: a file that did not change is not read again. */
  #held(): ReadonlyMap<string, LoadedDocument<HeldKind>> {
    const held = HELD_KINDS.flatMap((kind): readonly DocumentVersion[] => this.documents.list(kind));
    return new Map(
      held.map(({ kind, name, revision, normal, source }) => [
        source,
        { kind, name, revision, normal, source, line: 1 },
      ]),
    );
  }

  async #load(
    file: string,
    held: ReadonlyMap<string, LoadedDocument<HeldKind>>,
    problems: DirectoryProblem[],
  ): Promise<LoadedDocument<HeldKind>[]> {
    let text: string;
    try {
      text = await readFile(join(this.directory, file), 'utf8');
    } catch (error) {
      problems.push(problem(file, 'GUARDSPAN_DIRECTORY_READ', (error as Error).message));
      return [];
    }
    if (text.length > MAX_FILE_BYTES) {
      problems.push(problem(file, 'GUARDSPAN_DIRECTORY_READ', `is larger than ${MAX_FILE_BYTES} bytes`));
      return [];
    }
    const known = held.get(text);
    if (known !== undefined) return [known];
    const { documents, errors } = loadDocuments(text, { file });
    for (const { line, code, message } of errors) problems.push({ file, line, code, message });
    return HELD_KINDS.flatMap((kind): LoadedDocument<HeldKind>[] => documents[kind]);
  }

  async #publish({ file, loaded }: FiledDocument): Promise<DirectoryProblem[]> {
    try {
      await this.documents.publish({
        text: loaded.source,
        loaded,
        file,
        origin: 'git',
        author: `git:${file}`,
        approver: 'git',
        expected: undefined,
        dryRun: false,
        allowPartial: true,
        keepsBreakGlass: true,
      });
      return [];
    } catch (error) {
      return [problemOf(file, error)];
    }
  }

  async #removeOthers(keys: ReadonlyMap<string, string>, problems: DirectoryProblem[]): Promise<void> {
    // Against the order in which they came: nothing leaves that others still refer to.
    for (const kind of [...HELD_KINDS].reverse())
      for (const { name, author, normal } of this.documents.list(kind)) {
        if (keys.has(`${kind}/${name}`) || normal.metadata.managedBy !== 'git' || !author.startsWith('git:')) continue;
        try {
          const key = { kind, name };
          await this.documents.remove({ key, author, approver: 'git', origin: 'git', expected: undefined });
        } catch (error) {
          problems.push(problemOf(name, error));
        }
      }
  }

  async #files(problems: DirectoryProblem[]): Promise<string[]> {
    try {
      const entries = await readdir(this.directory, { recursive: true });
      return entries.filter((file) => /\.(ya?ml|json)$/.test(file)).sort();
    } catch (error) {
      const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const message = absent ? 'there is no such folder: make it, or name another one' : (error as Error).message;
      problems.push(problem(this.directory, 'GUARDSPAN_DIRECTORY_READ', message));
      return [];
    }
  }
}

function problem(file: string, code: string, message: string): DirectoryProblem {
  return { file, line: 0, code, message };
}

function problemOf(file: string, error: unknown): DirectoryProblem {
  const { code, message } = error as { code?: string; message?: string };
  return problem(file, code ?? 'GUARDSPAN_DIRECTORY_PUBLISH', message ?? String(error));
}
