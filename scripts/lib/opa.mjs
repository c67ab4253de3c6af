import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGoPrograms, executable, findGoPrograms } from './go-programs.mjs';

/** Open Policy Agent as tests and benchmarks run against it: built without cgo, it compiles policies to WebAssembly, and evaluates them with its own interpreter only. */
const OPA = {
  title: 'Open Policy Agent',
  folder: 'opa',
  version: '1.22.2',
  packages: ['github.com/open-policy-agent/opa'],
  duration: '1 to 5 minutes',
};

/**
 * The `opa` command to use, without building one: `GUARDSPAN_OPA_BIN`, or the one that an earlier build left in the cache.
 *
 * @returns {string | undefined} Path of the binary.
 */
export function findOpa() {
  const given = process.env.GUARDSPAN_OPA_BIN;
  if (given && existsSync(given)) return given;
  const folder = findGoPrograms(OPA);
  return folder === undefined ? undefined : join(folder, executable('opa'));
}

/**
 * The `opa` command, built from its Go module at the first use and kept in the user's cache folder under its version.
 *
 * @returns {Promise<string | { missing: string }>} Path of the binary, or why there is none.
 */
export async function ensureOpa() {
  const found = findOpa();
  if (found !== undefined) return found;
  const folder = await ensureGoPrograms(OPA, 'set GUARDSPAN_OPA_BIN');
  return typeof folder === 'string' ? join(folder, executable('opa')) : folder;
}
