#!/usr/bin/env node
import { once } from 'node:events';
import { EXIT } from './exit-codes.js';
import { fileError } from './file-error.js';
import { errorText } from './output/error-text.js';
import { forTerminal } from './output/for-terminal.js';
import { runCli } from './program.js';

// Who reads our output may stop reading (`| head`): that is not an error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(
    errorText(
      {
        code: 'GUARDSPAN_FILE',
        message: `standard output cannot be written: ${fileError(error)}`,
        hint: 'what was written is incomplete',
      },
      false,
    ),
  );
  process.exit(EXIT.FAILED);
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(process.stdout.isTTY ? forTerminal(text) : text),
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  err: (text) => void process.stderr.write(process.stderr.isTTY ? forTerminal(text) : text),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  env: process.env,
  stdin: process.stdin,
  fetch: globalThis.fetch,
  now: () => Date.now() / 1000,
});
