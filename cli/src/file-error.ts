import { CliError, WRONG_USE } from './cli-error.js';

/** What the codes of the file system say. */
const SAYINGS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'this is a directory',
  EACCES: 'this user has no right to it',
  EPERM: 'this user has no right to it',
  EROFS: 'the file system takes no changes',
  EEXIST: 'it exists already',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the share of this user of the disk is used up',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EPIPE: 'who reads it has gone',
  EIO: 'the disk failed',
};

/** What an error of the file system says, in plain words, with its code in brackets. */
export function fileError(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known = SAYINGS[code];
  return known === undefined ? message : `${known} (${code})`;
}

const RIGHTS: readonly string[] = ['EACCES', 'EPERM', 'EROFS'];

/** How to mend it. */
export function fileHint(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return RIGHTS.includes(code) ? 'check who may read and write it' : 'check the path';
}

/** The error of a path on the command line: the command line is wrong, unless only a right is missing. */
export function pathError(path: string, error: unknown): CliError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new CliError(
    RIGHTS.includes(code) ? 'GUARDSPAN_FILE' : WRONG_USE,
    `${path}: ${fileError(error)}`,
    fileHint(error),
  );
}
