import { statSync } from 'node:fs';
import { timingSafeEqual } from 'node:crypto';
import { parseTokenFile, readTokenFile, tokenDigest, type TokenRule } from './token-file.js';
import type { Authenticator, AuthResult, Principal } from './types.js';

export interface AuthenticatorOptions {
  /** Token file, or empty for single-user mode: everything from loopback is one `admin` called `local`. */
  file: string;
  env: NodeJS.ProcessEnv;
  /** Seconds. */
  clock: () => number;
  /** Told when a changed file cannot be used; the tokens before stay valid. Never told a token. */
  onProblem?: (message: string) => void;
  /** Failed attempts of one address in a minute before they answer 429. Default 20. */
  maxFailures?: number;
}
const LOCAL: Principal = { name: 'local', role: 'admin', services: [], models: [] };
/** Seconds between looks at the file. */
const CHECK_EVERY = 1;
const FAILURE_WINDOW = 60;
const MAX_ADDRESSES = 10_000;
const MAX_TOKEN_LENGTH = 4096;

/** Checks bearer tokens against a file that may change at any time. Throws GuardspanError GUARDSPAN_TOKENS when the first read fails. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { file, env, clock, onProblem } = options;
  const singleUser = file === '';
  const maxFailures = options.maxFailures ?? 20;
  const failures = new Map<string, { since: number; count: number }>();
  let rules: TokenRule[] = [];
  let stamp = '';
  let checked = clock();

  const stampOf = (): string => {
    const stat = statSync(file, { throwIfNoEntry: false });
    // What is not there is said when it is read.
    return stat === undefined ? 'absent' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
  };
  const load = (): void => {
    const next = stampOf();
    if (next === stamp) return;
    stamp = next;
    rules = parseTokenFile(readTokenFile(file), file, env);
  };
  if (!singleUser) load();

  const refresh = (): void => {
    const now = clock();
    if (now >= checked && now - checked < CHECK_EVERY) return;
    checked = now;
    try {
      load();
    } catch (error) {
      onProblem?.((error as Error).message);
    }
  };

  const refuse = (remote: string, reason: 'missing' | 'unknown'): AuthResult => {
    const now = clock();
    let entry = failures.get(remote);
    if (entry === undefined || now - entry.since >= FAILURE_WINDOW) {
      failures.delete(remote);
      if (failures.size >= MAX_ADDRESSES) failures.delete(failures.keys().next().value!);
      entry = { since: now, count: 0 };
      failures.set(remote, entry);
    }
    entry.count += 1;
    // Only failures are slowed: one wrong token must not lock out the others behind a shared address.
    if (entry.count <= maxFailures) return { ok: false, reason, retryAfter: 0 };
    return { ok: false, reason: 'throttled', retryAfter: Math.ceil(FAILURE_WINDOW - (now - entry.since)) };
  };

  return {
    singleUser,
    authenticate(authorization, remote) {
      if (singleUser) {
        return isLoopback(remote) ? { ok: true, principal: LOCAL } : refuse(remote, 'missing');
      }
      refresh();
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined || token.length > MAX_TOKEN_LENGTH) return refuse(remote, 'missing');
      const digest = tokenDigest(token);
      let found: Principal | undefined;
      // Every rule is compared, so that the time tells nothing about which one is near.
      for (const rule of rules) {
        if (timingSafeEqual(digest, rule.digest)) found ??= rule.principal;
      }
      return found === undefined ? refuse(remote, 'unknown') : { ok: true, principal: found };
    },
  };
}

/** True for addresses of this machine, IPv4-mapped ones too. */
export function isLoopback(address: string): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain);
}
