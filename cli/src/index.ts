export type { CliIo } from './cli-io.js';
export { CliError } from './cli-io.js';
export { EXIT } from './exit-codes.js';
export { createProgram, runCli } from './program.js';
