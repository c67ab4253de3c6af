import { readFile } from 'node:fs/promises';
import { ENV } from '@guardspan/policy';
import { CliError, WRONG_USE } from './cli-error.js';
import { fileError } from './file-error.js';

/** How a token is named where it is given: what errors say about it. */
export interface TokenNames {
  /** Option that names a file, e.g. `--token-file`. */
  option: string;
  /** Variable of the environment, e.g. `GUARDSPAN_TOKEN`. */
  variable: string;
}

/** The token of who asks. */
export const ASKER: TokenNames = { option: '--token-file', variable: ENV.TOKEN };

/** A token and where it came from. */
export interface GivenToken {
  text: string;
  /** The option with its file, or the variable; empty when no token was given. */
  from: string;
  names: TokenNames;
}

async function readToken(option: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${fileError(error)}`;
    throw new CliError(WRONG_USE, `${option} ${file}: ${what}`, 'name the file that holds the bearer token');
  });
  return usable(`${option} ${file}`, text, 'write the bearer token alone into it, on one line');
}

/**
 * The token of a file when one is named, else of the environment.
 * @throws CliError USAGE when it cannot be read or holds no token
 */
export async function tokenOf(
  names: TokenNames,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<GivenToken> {
  const { option, variable } = names;
  if (file !== undefined) return { text: await readToken(option, file), from: `${option} ${file}`, names };
  const text = env[variable] ?? '';
  if (text === '') return { text, from: '', names };
  return { text: usable(variable, text, 'set it to the bearer token alone'), from: variable, names };
}

/** A token without the space around it. What is wrong with it is said without printing it. */
function usable(place: string, text: string, hint: string): string {
  const token = text.trim();
  // A header cannot hold other characters.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError(WRONG_USE, `${place}: ${token === '' ? 'it is empty' : 'it holds more than a token'}`, hint);
}

/** The evaluator did not admit who asks: with the words of the command line, since its own hint is for who writes HTTP. */
export function tokenError(base: string, { from, names }: GivenToken): CliError {
  const give = `with ${names.option} FILE or ${names.variable}`;
  if (from === '')
    return new CliError('GUARDSPAN_UNAUTHORIZED', `${base} asks for a token, and none was sent`, `give one ${give}`);
  return new CliError(
    'GUARDSPAN_UNAUTHORIZED',
    `${base} does not know the token of ${from}`,
    `give a token of this evaluator ${give}`,
  );
}
