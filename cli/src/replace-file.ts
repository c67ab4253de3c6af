import { rename, stat, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole or not at all, and keeps its mode: a file that is half written would be a guard-rail that is gone. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  const beside = `${path}.${process.pid}.tmp`;
  await writeFile(beside, text, { mode: mode & 0o777, flag: 'wx' });
  await rename(beside, path);
}
