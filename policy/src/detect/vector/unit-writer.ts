interface Bytes {
  write(text: string, encoding: 'utf16le'): number;
}
/** Of Node.js and what is compatible with it; not there in browsers. */
declare const Buffer:
  | {
      from(buffer: ArrayBufferLike, offset: number, length: number): Bytes;
      from(text: string, encoding: 'base64'): Uint8Array;
    }
  | undefined;

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** True where a runtime copies a whole text into memory at once. */
export function copiesTexts(): boolean {
  return LITTLE_ENDIAN && typeof Buffer !== 'undefined';
}

/** Writes the UTF-16 code units of texts, as they are, to the beginning of an array that has room for them. */
export function unitWriter(units: Uint16Array): (text: string) => void {
  if (LITTLE_ENDIAN && typeof Buffer !== 'undefined') {
    const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);
    return (text) => void bytes.write(text, 'utf16le');
  }
  return (text) => {
    for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  };
}

/** The bytes that a text in base64 stands for; only where {@link copiesTexts}. */
export function fromBase64(text: string): Uint8Array {
  return Buffer!.from(text, 'base64');
}
