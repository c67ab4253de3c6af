import { _SHA256 } from '@noble/hashes/sha2.js';

/** Bytes of one block of the hash, with room for a bit and the length behind a message. */
const BLOCK = 64;
const MAX_MESSAGE = BLOCK - 9;
/** The initial value of the hash (RFC 6234, section 6.1). */
const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;

/** The step of sha256 for a block that is padded already: state, buffer and copies of a whole hash cost as much as the step. */
class OneBlock extends _SHA256 {
  /** Puts the hash of the block at the beginning of another one. */
  hash(block: DataView, into: DataView): void {
    this.set(...IV);
    this.process(block, 0);
    into.setInt32(0, this.A);
    into.setInt32(4, this.B);
    into.setInt32(8, this.C);
    into.setInt32(12, this.D);
    into.setInt32(16, this.E);
    into.setInt32(20, this.F);
    into.setInt32(24, this.G);
    into.setInt32(28, this.H);
  }
}

/** A block whose first `length` bytes are to be written, padded for a message of that length. */
function blockFor(length: number): DataView {
  const block = new DataView(new ArrayBuffer(BLOCK));
  block.setUint8(length, 0x80);
  block.setUint16(BLOCK - 2, length * 8);
  return block;
}

/** The checksum of Bitcoin, for messages of one length: the first four bytes of sha256 of sha256, big-endian. Not for two texts at a time. */
export class DoubleSha256 {
  /** Where the message is written before {@link checksum}. */
  readonly message: Uint8Array;
  readonly #first: DataView;
  readonly #second = blockFor(32);
  readonly #step = new OneBlock();

  /** @param length Bytes, at most 55. */
  constructor(length: number) {
    if (length > MAX_MESSAGE) throw new RangeError(`a message of ${length} bytes fills more than one block`);
    this.#first = blockFor(length);
    this.message = new Uint8Array(this.#first.buffer, 0, length);
  }

  checksum(): number {
    this.#step.hash(this.#first, this.#second);
    this.#step.hash(this.#second, this.#second);
    return this.#second.getUint32(0);
  }
}
