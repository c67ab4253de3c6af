export type { CliIo } from './cli-io.js';
export { CliError } from './cli-error.js';
export { EXIT } from './exit-codes.js';
export { printCliReference } from './print-reference.js';
export { createProgram, runCli } from './program.js';
