import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GuardspanError } from '@guardspan/policy/runtime';

/** Bytes of a bundle after it was unpacked. */
const MAX_UNPACKED = 64 << 20;
const BLOCK = 512;

/** What of a bundle is needed to evaluate it. */
export interface Bundle {
  wasm: Uint8Array<ArrayBuffer>;
  data: { [key: string]: unknown };
  /** Of the manifest, or the first 12 hexadecimal digits of the bundle's sha256. */
  revision: string;
}

/**
 * Reads an OPA bundle (gzipped tar: `.manifest`, `policy.wasm`, `data.json`). Signatures are not checked here: who may write the file may decide.
 * @throws GuardspanError GUARDSPAN_REGO_BUNDLE when it is no bundle, is too large, or holds no compiled policy
 */
export function readBundle(bytes: Uint8Array, name: string): Bundle {
  const files = unpack(bytes, name);
  const wasm = files.get('policy.wasm');
  if (wasm === undefined) {
    throw new GuardspanError(
      'GUARDSPAN_REGO_BUNDLE',
      `${name} holds no policy.wasm`,
      'compile it with `opa build -t wasm -e <package>`',
    );
  }
  const manifest = json(files.get('.manifest'), '.manifest', name);
  const data: Bundle['data'] = {};
  for (const [path, content] of files) {
    if (path !== 'data.json' && !path.endsWith('/data.json')) continue;
    let at = data;
    for (const key of path.split('/').slice(0, -1)) at = (at[key] ??= {}) as Bundle['data'];
    Object.assign(at, json(content, path, name));
  }
  const revision = manifest['revision'];
  return {
    wasm: new Uint8Array(wasm),
    data,
    revision:
      typeof revision === 'string' && revision !== ''
        ? revision
        : createHash('sha256').update(bytes).digest('hex').slice(0, 12),
  };
}

function unpack(bytes: Uint8Array, name: string): Map<string, Buffer> {
  let tar: Buffer;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_REGO_BUNDLE',
      `${name} is no gzipped bundle of at most ${MAX_UNPACKED >> 20} MiB (${(error as Error).message})`,
      'give the file that `opa build` wrote',
    );
  }
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = Number.parseInt(field(header, 124, 12).trim(), 8);
    const start = at + BLOCK;
    if (!Number.isInteger(size) || size < 0 || start + size > tar.length) {
      throw new GuardspanError('GUARDSPAN_REGO_BUNDLE', `${name} is cut or no tar archive`, 'build the bundle again');
    }
    const type = String.fromCharCode(header[156]!);
    const prefix = field(header, 257, 5) === 'ustar' ? field(header, 345, 155) : '';
    const path = `${prefix === '' ? '' : `${prefix}/`}${field(header, 0, 100)}`.replace(/^(\.?\/)+/, '');
    if (type === '0' || type === '\0') files.set(path, tar.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function field(header: Buffer, start: number, length: number): string {
  const text = header.toString('utf8', start, start + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function json(content: Buffer | undefined, path: string, name: string): Bundle['data'] {
  if (content === undefined) return {};
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Bundle['data'];
  } catch {
    // Said below.
  }
  throw new GuardspanError('GUARDSPAN_REGO_BUNDLE', `${path} of ${name} is no JSON object`, 'build the bundle again');
}
