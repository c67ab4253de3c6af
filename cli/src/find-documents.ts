import { isUtf8 } from 'node:buffer';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';
import { LOAD_LIMITS } from '@guardspan/policy';
import { CliError } from './cli-error.js';
import { fileError, fileHint, pathError } from './file-error.js';

/** A file of more bytes has too many characters to be loaded, whatever they are. */
const MAX_BYTES = 4 * LOAD_LIMITS.maxBytes;
const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/** A file of guard-rails. */
export interface DocumentFile {
  path: string;
  text: string;
}

/** What becomes of a file that cannot be read. */
export type Refuse = (path: string, error: CliError) => void;

/**
 * Reads files, and every YAML and JSON file below directories, in order of path. Hidden directories and node_modules are left out.
 *
 * @param refuse Told of each file that cannot be read; left out, its error is thrown.
 * @throws CliError USAGE for a named path that does not exist
 */
export async function findDocuments(
  paths: readonly string[],
  refuse: Refuse = (_, error) => {
    throw error;
  },
): Promise<DocumentFile[]> {
  const found: DocumentFile[] = [];
  const read = async (path: string, size: number): Promise<void> => {
    try {
      found.push({ path, text: await readText(path, size) });
    } catch (error) {
      refuse(path, error as CliError);
    }
  };
  for (const path of paths) await collect(path, read, true);
  return found;
}

/** What says that a path was named in which no document stands. */
export interface EmptyPath {
  path: string;
  message: string;
  hint: string;
}

/** The paths among those that were named in which there is nothing to load: directories without a file of documents, and files that hold nothing but comments. */
export function emptyPaths(paths: readonly string[], files: readonly DocumentFile[]): EmptyPath[] {
  return paths.flatMap((path): EmptyPath[] => {
    const own = files.filter((file) => isWithin(path, file.path));
    if (own.some(({ text }) => !isBlank(text))) return [];
    const isFile = own.some((file) => relative(path, file.path) === '');
    const message = isFile
      ? 'the file holds no document'
      : own.length === 0
        ? 'no file of this directory ends in .yaml, .yml or .json'
        : 'no file of this directory holds a document';
    return [{ path, message, hint: 'name where the documents are' }];
  });
}

/** Whether a path leads to a place or below it, however the two are written: `./rails` holds `rails/a.yaml`. */
function isWithin(place: string, path: string): boolean {
  const way = relative(place, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Nothing but empty lines, comments and marks of documents. */
function isBlank(text: string): boolean {
  return /^(?:\s*(?:#.*|---|\.\.\.)?(?:\r?\n|$))*$/.test(text);
}

/**
 * {@link findDocuments} for commands that would do nothing, or delete everything, where there are none.
 * @param consequence What that means, e.g. "nothing was sent".
 * @throws CliError FAILED with GUARDSPAN_NO_DOCUMENTS when a named path holds none
 */
export async function findSomeDocuments(paths: readonly string[], consequence: string): Promise<DocumentFile[]> {
  const files = await findDocuments(paths);
  const [first] = emptyPaths(paths, files);
  if (first === undefined) return files;
  throw new CliError('GUARDSPAN_NO_DOCUMENTS', `${first.path}: ${first.message}`, `${consequence}; ${first.hint}`);
}

async function collect(
  path: string,
  read: (path: string, size: number) => Promise<void>,
  named: boolean,
): Promise<void> {
  const information = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw pathError(path, error);
  });
  if (!information.isDirectory()) {
    if (named || EXTENSIONS.has(extname(path))) await read(path, information.size);
    return;
  }
  for (const name of (await readdir(path)).sort()) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const child = join(path, name);
    // What a link that leads nowhere would hold is unknown: it is named only when it looks like a document.
    const directory = await stat(child).then(
      (information) => information.isDirectory(),
      () => false,
    );
    if (directory || EXTENSIONS.has(extname(name))) await collect(child, read, false);
  }
}

async function readText(path: string, size: number): Promise<string> {
  try {
    if (size > MAX_BYTES) return await beginning(path);
    const bytes = await readFile(path);
    if (isUtf8(bytes)) return bytes.toString('utf8');
  } catch (error) {
    throw new CliError('GUARDSPAN_FILE', `${path}: ${fileError(error)}`, fileHint(error));
  }
  throw new CliError('GUARDSPAN_FILE_ENCODING', `${path}: the file is not UTF-8`, 'save it as UTF-8');
}

/** Enough of a large file for the loader to refuse it by its size. */
async function beginning(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOAD_LIMITS.maxBytes + 1), 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
