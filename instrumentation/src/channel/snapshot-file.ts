import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, canonicalJson, setDigest, sha256Hex } from '@guardspan/policy/runtime';
import type { RevisedGuardrail } from '@guardspan/policy/runtime';

/** Files above this are not read: they are not ours. Bytes. */
const MAX_BYTES = 32 << 20;
const NAME = 'guardrails.json';

interface StoredSnapshot {
  format: 1;
  apiVersion: string;
  revision: string;
  digest: string;
  guardrails: RevisedGuardrail[];
}

function digestOf(guardrails: readonly RevisedGuardrail[]): string {
  return sha256Hex(canonicalJson(guardrails));
}

/**
 * The last-known-good guard-rails on disk: 0600 in a directory of 0700, written whole and renamed, checked by digest when read. Directives are never
 * written. A disk that fails costs the memory of the set over a restart and nothing else.
 */
export class SnapshotFile {
  constructor(private readonly directory: string) {}

  /** Writes the set. Returns why it could not, or an empty string. */
  save(revision: string, guardrails: readonly RevisedGuardrail[]): string {
    const path = join(this.directory, NAME);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      chmodSync(this.directory, 0o700);
      const stored: StoredSnapshot = {
        format: 1,
        apiVersion: API_VERSION,
        revision,
        digest: digestOf(guardrails),
        guardrails: [...guardrails],
      };
      rmSync(temporary, { force: true });
      writeFileSync(temporary, JSON.stringify(stored), { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
      return '';
    } catch (error) {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // The first error says it all.
      }
      return (error as Error).message;
    }
  }

  /** The set of the last run, or null when there is none that can be trusted (absent, foreign, cut, changed). */
  load(): readonly RevisedGuardrail[] | null {
    const path = join(this.directory, NAME);
    try {
      const info = statSync(path);
      const uid = process.getuid?.();
      // A file that others may write could order anything here.
      if (!info.isFile() || info.size > MAX_BYTES) return null;
      if (uid !== undefined && (info.uid !== uid || (info.mode & 0o022) !== 0)) return null;
      const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredSnapshot;
      if (stored.format !== 1 || stored.apiVersion !== API_VERSION || !Array.isArray(stored.guardrails)) return null;
      if (stored.digest !== digestOf(stored.guardrails) || stored.revision !== setDigest(stored.guardrails))
        return null;
      return stored.guardrails;
    } catch {
      return null;
    }
  }
}
