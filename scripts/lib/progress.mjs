const startedAt = performance.now();

/**
 * Prints a line of progress with the seconds since the script started. Progress goes to stderr, so that stdout stays what the caller
 * asked for (`--json`, `npm run --silent`).
 *
 * @param {string} text
 */
export function progress(text) {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`[${seconds}s] ${text}\n`);
}
