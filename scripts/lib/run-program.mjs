import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Runs a built program of the workspace under the pinned Node with our standard streams.
 *
 * @param {string} program Path from the repository root.
 * @param {string[]} args
 * @param {Record<string, string | undefined>} [env] Added to the environment.
 * @returns {Promise<number>} Exit code.
 * @throws {Error} When the build did not make the program.
 */
export async function runProgram(program, args, env = {}) {
  const path = join(ROOT, program);
  if (!existsSync(path)) throw new Error(`${program} does not exist after a build`);
  const { code } = await run(NODE, ['--enable-source-maps', path, ...args], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env,
    input: true,
  });
  return code;
}
