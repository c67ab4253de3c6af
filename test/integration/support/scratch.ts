import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file of the repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** A folder of its own for one test file. */
export interface Scratch {
  path(name: string): string;
  /** Writes a file below the folder and returns its path. */
  write(name: string, text: string): string;
  remove(): void;
}

export function createScratch(): Scratch {
  const root = mkdtempSync(join(tmpdir(), 'guardspan-test-'));
  return {
    path: (name) => join(root, name),
    write(name, text) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
