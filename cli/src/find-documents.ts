import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CliError } from './cli-io.js';
import { EXIT } from './exit-codes.js';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/** A file of guard-rails. */
export interface DocumentFile {
  path: string;
  text: string;
}

/** Reads files, and every YAML and JSON file below directories, in order of path. Hidden directories and node_modules are left out. */
export async function findDocuments(paths: readonly string[]): Promise<DocumentFile[]> {
  const found: DocumentFile[] = [];
  for (const path of paths) await collect(path, found, true);
  return found;
}

async function collect(path: string, found: DocumentFile[], named: boolean): Promise<void> {
  const information = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      EXIT.USAGE,
      `${path}: ${error.code === 'ENOENT' ? 'there is no such file or directory' : error.message}`,
      'check the path',
    );
  });
  if (!information.isDirectory()) {
    if (named || EXTENSIONS.has(extname(path))) found.push({ path, text: await readText(path) });
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
    if (directory || EXTENSIONS.has(extname(name))) await collect(child, found, false);
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(EXIT.USAGE, `${path}: it cannot be read (${error.code})`, 'check who may read it');
  });
  if (!isUtf8(bytes)) throw new CliError(EXIT.FAILED, `${path}: the file is not UTF-8`, 'save it as UTF-8');
  return bytes.toString('utf8');
}
