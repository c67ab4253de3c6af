import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/**
 * Sends a file below a folder, or 404.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {string[]} folders Looked through in order.
 * @param {string} path As in the URL, decoded.
 * @param {{ cached?: boolean }} [options] Whether the browser may keep it: for what has a hash in its address.
 */
export function sendFile(response, folders, path, { cached = false } = {}) {
  const below = normalize(`/${path}`);
  const file = folders
    .map((folder) => join(folder, below))
    .find((candidate, index) => candidate.startsWith(folders[index] + sep) && isFile(candidate));
  if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
    'cache-control': cached ? 'public, max-age=3600' : 'no-cache',
  });
  createReadStream(file).pipe(response);
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}
