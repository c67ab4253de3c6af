import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Guardrail } from '../document/types.js';
import { canonicalJson } from './canonical-json.js';

/** SHA-256 in hexadecimal; pure JavaScript, so that a browser computes the same revision. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data));
}

/** The revision of a guard-rail: SHA-256 of its canonical form. */
export function revisionOf(guardrail: Guardrail): string {
  return sha256Hex(canonicalJson(guardrail));
}

/** The digest of a set of guard-rails; the order of the list does not matter. */
export function setDigest(
  list: readonly { readonly revision: string; readonly guardrail: { readonly metadata: { readonly name: string } } }[],
): string {
  return sha256Hex(
    list
      .map((entry) => `${entry.guardrail.metadata.name}@${entry.revision}`)
      .sort()
      .join('\n'),
  );
}
