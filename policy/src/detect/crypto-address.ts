import { DoubleSha256 } from './checksum/double-sha256.js';
import type { EntityDetector } from './types.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Value of each ASCII character in an alphabet; -1 for none. */
function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index;
  return values;
}
const BASE58_VALUES = valuesOf(BASE58);
const BECH32_VALUES = valuesOf(BECH32);

/** An address has 25 bytes: ten limbs of 20 bits, the lowest first. Five signs are taken at a time, so that a product stays below 2^53. */
const LIMBS = 10;
const LIMB = 2 ** 20;
const SIGNS = 5;
const POWER = 58 ** SIGNS;
const ADDRESS_BYTES = 25;
const CHECKED_BYTES = 21;
const limbs = new Float64Array(LIMBS);
const bytes = new Uint8Array(ADDRESS_BYTES);
const checked = bytes.subarray(0, CHECKED_BYTES);
const given = new DataView(bytes.buffer, CHECKED_BYTES);
const hash = new DoubleSha256(CHECKED_BYTES);

/** Base58Check with a version byte of Bitcoin (25 bytes, of which four are a double sha256). */
function isBase58Check(text: string): boolean {
  limbs.fill(0);
  let used = 0;
  for (let from = 0; from < text.length; from += SIGNS) {
    const to = Math.min(text.length, from + SIGNS);
    let carry = 0;
    for (let index = from; index < to; index++) carry = carry * 58 + BASE58_VALUES[text.charCodeAt(index)]!;
    const factor = to - from === SIGNS ? POWER : 58 ** (to - from);
    for (let index = 0; index < used; index++) {
      const product = limbs[index]! * factor + carry;
      carry = Math.floor(product * (1 / LIMB));
      limbs[index] = product - carry * LIMB;
    }
    for (; carry > 0; carry = Math.floor(carry * (1 / LIMB))) {
      if (used === LIMBS) return false;
      limbs[used++] = carry % LIMB;
    }
  }
  // Two limbs are five bytes.
  for (let index = 0; index < LIMBS; index += 2) {
    const low = limbs[index]!;
    const high = limbs[index + 1]!;
    const at = ADDRESS_BYTES - 1 - (index / 2) * 5;
    bytes[at] = low & 255;
    bytes[at - 1] = (low >> 8) & 255;
    bytes[at - 2] = (low >> 16) | ((high & 15) << 4);
    bytes[at - 3] = (high >> 4) & 255;
    bytes[at - 4] = high >> 12;
  }
  if (bytes[0] !== 0 && bytes[0] !== 5) return false;
  hash.message.set(checked);
  return hash.checksum() === given.getUint32(0);
}

const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(check: number, value: number): number {
  const top = check >>> 25;
  let next = ((check & 0x1ffffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit++) if (((top >>> bit) & 1) === 1) next ^= GENERATORS[bit]!;
  return next;
}

/** Bech32 and Bech32m (BIP 173, BIP 350) of the network `bc`, in one case. */
function isBech32(text: string): boolean {
  const upper = text.charCodeAt(0) === 66;
  // The network is expanded to its high bits, a zero, and its low bits: `b` 3 and 2, `c` 3 and 3.
  let check = 1;
  for (const value of [3, 3, 0, 2, 3]) check = polymod(check, value);
  for (let index = 3; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isUpper = code >= 65 && code <= 90;
    if (isUpper !== upper && code > 57) return false;
    const value = BECH32_VALUES[isUpper ? code | 32 : code]!;
    if (value < 0) return false;
    check = polymod(check, value);
  }
  return check === 1 || check === 0x2bc830a3;
}

/** Addresses of Bitcoin (Base58Check, Bech32, with their checksums) and of Ethereum (40 hexadecimal digits). */
export const cryptoAddress: EntityDetector = {
  entity: 'crypto_address',
  about: 'Bitcoin address (Base58Check, Bech32) or Ethereum address',
  trigger: 'token',
  pattern: '[13][1-9A-HJ-NP-Za-km-z]{25,34}|[bB][cC]1[0-9A-Za-z]{11,71}|0x[0-9A-Fa-f]{40}',
  score: 0.8,
  maxLength: 74,
  validate: ({ text }) => {
    if (text.startsWith('0x')) return undefined;
    return (text.charCodeAt(0) | 32) === 98 ? isBech32(text) : isBase58Check(text);
  },
  positives: [
    '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    '0x52908400098527886E0F7030069857D2E4169EE7',
  ],
  negatives: [
    '1BoatSLRHtKNngkdXEeobR76b53LETtpyU',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
    '0x1234',
    '3f786850e387550fdab836ed7e6dc881de23001b',
  ],
};
