import { rspack } from '@rspack/core';
import { hostConfig } from './rspack.config.mjs';

const set = process.argv[2];
if (!['12', '13'].includes(set)) {
  process.stderr.write('Usage: node build.mjs 12|13\n');
  process.exit(2);
}
const stats = await new Promise((resolve, reject) => {
  rspack(hostConfig(set), (error, result) => (error === null ? resolve(result) : reject(error)));
});
if (stats.hasErrors()) {
  process.stderr.write(`${stats.toString('errors-only')}\n`);
  process.exit(1);
}
