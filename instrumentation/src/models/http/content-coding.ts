import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** One way in which a body may be coded (`content-encoding`). */
export interface ContentCoding {
  decode(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** What is written at once arrives at once, so that events of a stream do not wait for others. */
  encode(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

const gzip = coding(
  () => zlib.createGunzip(),
  () => zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
);
const CODINGS: { readonly [name: string]: ContentCoding } = {
  gzip,
  'x-gzip': gzip,
  deflate: coding(
    () => zlib.createInflate(),
    () => zlib.createDeflate({ flush: zlib.constants.Z_SYNC_FLUSH }),
  ),
  br: coding(
    () => zlib.createBrotliDecompress(),
    () => zlib.createBrotliCompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  ),
};

/** The coding of that name: null for a body that is not coded, undefined for one that cannot be read here. */
export function contentCoding(name: string): ContentCoding | null | undefined {
  const known = name.trim().toLowerCase();
  return known === '' || known === 'identity' ? null : CODINGS[known];
}

function coding(decoder: () => Transform, encoder: () => Transform): ContentCoding {
  return { decode: (body) => through(body, decoder()), encode: (body) => through(body, encoder()) };
}

/** Errors of the body come out as they are; an end of the reader ends the body. */
function through(body: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  const source = Readable.from(body, { objectMode: false });
  source.on('error', (error) => transform.destroy(error));
  transform.on('close', () => source.destroy());
  return source.pipe(transform) as AsyncIterable<Uint8Array>;
}
