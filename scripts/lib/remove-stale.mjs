import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const OUTPUT = /\.(js|d\.ts)(\.map)?$/;

/**
 * Deletes compiler output whose source is gone; the compiler leaves it, and it would be packed.
 *
 * @param {string} source Folder of the TypeScript sources.
 * @param {string} output Folder of what the compiler made of them.
 */
export function removeStale(source, output) {
  for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !OUTPUT.test(entry.name)) continue;
    if (!existsSync(join(source, relative(output, path).replace(OUTPUT, '.ts')))) rmSync(path);
  }
}
