import { rmSync } from 'node:fs';
import { constants, copyFile, link, rename, rm, stat, writeFile } from 'node:fs/promises';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a file system without hard links says of one. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes a new file as a whole or not at all, also when the command is broken off: half a guard-rail is another one, and half an export verifies as a whole
 * one that ends earlier. Rejects with the error of the file system, `EEXIST` when there is a file already.
 *
 * @param write Writes the file of the name that it is given, which does not exist yet.
 */
export async function createWhole(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  await beside(path, async (name) => {
    await write(name);
    await link(name, path).catch(async (error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.has(error.code ?? '')) throw error;
      await copyFile(name, path, constants.COPYFILE_EXCL);
    });
    await rm(name);
  });
}

/** {@link createWhole} with a text. */
export async function createFile(path: string, text: string): Promise<void> {
  await createWhole(path, (name) => writeFile(name, text, { flag: 'wx' }));
}

/** Replaces a file as a whole or not at all, and keeps its mode. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  await beside(path, async (name) => {
    await writeFile(name, text, { mode: mode & 0o777, flag: 'wx' });
    await rename(name, path);
  });
}

/** Runs `work` with the name of a file beside another one, which is gone when it fails or the process is told to end. */
async function beside(path: string, work: (name: string) => Promise<void>): Promise<void> {
  const name = `${path}.${process.pid}.tmp`;
  const end = (signal: NodeJS.Signals): void => {
    rmSync(name, { force: true });
    for (const one of SIGNALS) process.off(one, end);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    await work(name);
  } catch (error) {
    await rm(name, { force: true });
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}
