/**
 * Whether a script was asked what it does: `--help` or `-h` before a `--`. Then `usage` is printed, and nothing else is done.
 *
 * @param {readonly string[]} args What the script was given.
 * @param {string} usage Text, without a line break at its end.
 * @param {{ write(text: string): unknown }} [output]
 * @returns {boolean}
 */
export function saysHelp(args, usage, output = process.stdout) {
  const end = args.indexOf('--');
  const asked = (end === -1 ? args : args.slice(0, end)).some((one) => one === '--help' || one === '-h');
  if (asked) output.write(`${usage}\n`);
  return asked;
}
