import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { CliError, WRONG_USE } from './cli-error.js';
import type { DocumentFile } from './find-documents.js';

const run = promisify(execFile);
const MAX_BYTES = 67_108_864;

/**
 * Reads the documents that a path had in a revision of git, from the repository of the working directory.
 * @throws CliError USAGE when there is no such revision, path or git.
 */
export async function gitFiles(revision: string, path: string): Promise<DocumentFile[]> {
  if (revision.startsWith('-'))
    throw new CliError(
      WRONG_USE,
      `"${revision}" is no revision of git`,
      'write REVISION:PATH, for example main:guardrails',
    );
  const listed = await git(
    ['ls-tree', '-r', '-z', '--name-only', revision, '--', path === '' ? '.' : path],
    revision,
    path,
  );
  const names = listed.split('\0').filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)));
  if (names.length === 0)
    throw new CliError(WRONG_USE, `${revision}:${path}: there are no documents`, 'check the revision and the path');
  const files: DocumentFile[] = [];
  for (const name of names)
    files.push({ path: `${revision}:${name}`, text: await git(['show', `${revision}:./${name}`], revision, path) });
  return files;
}

async function git(args: readonly string[], revision: string, path: string): Promise<string> {
  try {
    return (await run('git', args, { maxBuffer: MAX_BYTES })).stdout;
  } catch (error) {
    const { stderr, message, code } = error as Error & { stderr?: string; code?: unknown };
    if (code === 'ENOENT') throw new CliError(WRONG_USE, 'git is not installed', 'install it, or name files');
    const why = (stderr || message)
      .trim()
      .split('\n')[0]!
      .replace(/^fatal: /, '');
    throw new CliError(WRONG_USE, `${revision}:${path}: ${why}`, 'check the revision and the path');
  }
}
