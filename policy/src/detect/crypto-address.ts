import { sha256 } from '@noble/hashes/sha2.js';
import type { EntityDetector } from './types.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Base58Check with a version byte of Bitcoin (25 bytes, of which four are a double sha256). */
function isBase58Check(text: string): boolean {
  let number = 0n;
  for (const sign of text) {
    const value = BASE58.indexOf(sign);
    if (value === -1) return false;
    number = number * 58n + BigInt(value);
  }
  const bytes = new Uint8Array(25);
  for (let index = 24; index >= 0; index--) {
    bytes[index] = Number(number & 255n);
    number >>= 8n;
  }
  if (number !== 0n || (bytes[0] !== 0 && bytes[0] !== 5)) return false;
  const check = sha256(sha256(bytes.subarray(0, 21)));
  return [0, 1, 2, 3].every((index) => check[index] === bytes[21 + index]);
}

/** Bech32 and Bech32m (BIP 173, BIP 350). */
function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== text && text.toUpperCase() !== text) return false;
  const at = lower.lastIndexOf('1');
  const values = [...lower.slice(0, at)].flatMap((sign) => sign.charCodeAt(0) >> 5);
  values.push(0, ...[...lower.slice(0, at)].map((sign) => sign.charCodeAt(0) & 31));
  for (const sign of lower.slice(at + 1)) {
    const value = BECH32.indexOf(sign);
    if (value === -1) return false;
    values.push(value);
  }
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if (((top >>> bit) & 1) === 1) check ^= generator;
    });
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
    return /^bc1/i.test(text) ? isBech32(text) : isBase58Check(text);
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
