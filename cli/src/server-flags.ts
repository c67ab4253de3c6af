import type { Command } from 'commander';

/** Where the evaluator is and who asks, as commander parses it. */
export interface ServerFlags {
  server?: string;
  tokenFile?: string;
}

/** Adds `--server` and `--token-file`. A token is never an option: options are visible to every user of a machine. */
export function withServer(command: Command): Command {
  return command
    .option('--server <url>', 'address of the evaluator (env GUARDSPAN_ENDPOINT)')
    .option('--token-file <file>', 'file that holds the bearer token (else env GUARDSPAN_TOKEN)');
}
