import { environmentOf, flagOf, SETTINGS } from './reference.js';
import type { Setting } from './reference.js';

/** The table of docs/configuration.md. */
export function printConfigReference(): string {
  const rows = (SETTINGS as readonly Setting[]).map(({ key, type, values, default: fallback, meaning }) => {
    const kind = values === undefined ? type : values.map((value) => `\`${value}\``).join(' \\| ');
    return `| \`${key}\` | \`${flagOf(key)}\` | \`${environmentOf(key)}\` | ${kind} | ${fallback === '' ? '(empty)' : `\`${fallback}\``} | ${meaning} |`;
  });
  return [
    '| key in the file | flag | environment | type | default | meaning |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
