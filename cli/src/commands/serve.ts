import { boundCollections, createEvaluator, flagOf, loadConfig, SETTINGS } from '@guardspan/evaluator';
import { EXIT } from '../exit-codes.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan serve`; its flags are the evaluator's configuration reference. */
export const addServe: AddCommand = (program, io, finish) => {
  const serve = program
    .command('serve')
    .description('run the evaluator')
    .option('--config <file>', 'YAML file with the same keys');
  for (const { key, type, meaning, default: fallback } of SETTINGS) {
    const help = `${meaning} Default: ${fallback === '' ? 'empty' : fallback}.`;
    // A boolean takes an optional value, because one whose default is true must be possible to switch off.
    serve.option(`${flagOf(key)} ${type === 'boolean' ? '[boolean]' : `<${type === 'enum' ? 'value' : type}>`}`, help);
  }
  serve.action(async (options: Record<string, string | boolean | undefined>) => {
    const { config: file, ...flags } = options;
    const config = loadConfig({ flags, env: io.env, ...(typeof file === 'string' ? { file } : {}) });
    boundCollections();
    const evaluator = await createEvaluator(config);
    io.out(`${JSON.stringify({ url: evaluator.url, grpc: evaluator.grpcUrl })}\n`);
    await stopped();
    await evaluator.close();
    finish(EXIT.OK);
  });
};

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
