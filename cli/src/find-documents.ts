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
    if (named || EXTENSIONS.has(extname(path))) found.push({ path, text: await readFile(path, 'utf8') });
    return;
  }
  for (const name of (await readdir(path)).sort()) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const child = join(path, name);
    if ((await stat(child)).isDirectory() || EXTENSIONS.has(extname(name))) await collect(child, found, false);
  }
}
