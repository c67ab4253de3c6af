import { planGuardrail, recordedTraffic } from '@guardspan/evaluator';
import type { PlanTraffic } from '@guardspan/evaluator';
import type { RevisedGuardrail } from '@guardspan/policy';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { loadReplay } from '../input/load-replay.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { printPlans } from '../output/print-plan.js';
import type { AddCommand } from './command.js';

interface PlanOptions {
  calls?: string;
  rate?: string;
  mapping?: string;
  json: boolean;
}

/** Adds `guardspan plan`. */
export const addPlan: AddCommand = (program, io, finish) => {
  program
    .command('plan')
    .description(
      'say how long guard-rails with a test would take to find breaches of several sizes, and what a stricter promise costs',
    )
    .argument('<path>', 'file or directory of guard-rails')
    .option('--calls <file>', 'recorded calls, as for replay: their rate, groups and series are taken')
    .option('--rate <n>', 'calls a second that enter one series, when nothing is recorded')
    .option('--mapping <file>', 'what the columns of a table mean')
    .option('--json', 'print one JSON object', false)
    .action(async (path: string, options: PlanOptions) => finish(await run(path, options, io)));
};

async function run(path: string, options: PlanOptions, io: CliIo): Promise<number> {
  const traffic = await trafficOf(path, options);
  const tested = (await loadGuardrailFiles([path]))
    .filter(({ guardrail }) => guardrail.spec.over?.evidence !== undefined)
    .map(({ revision, guardrail }) => ({ revision, guardrail }));
  if (tested.length === 0)
    throw new CliError(
      'GUARDSPAN_NO_TEST',
      `${path} has no guard-rail with a test`,
      'write over.test and over.promise',
    );
  const plans = tested.map((revised) => planGuardrail(revised, traffic(revised)));
  io.out(options.json ? `${JSON.stringify({ plans })}\n` : printPlans(plans, io.color));
  return EXIT.OK;
}

async function trafficOf(path: string, options: PlanOptions): Promise<(revised: RevisedGuardrail) => PlanTraffic> {
  const { calls: file, rate, mapping } = options;
  if ((file === undefined) === (rate === undefined))
    throw new CliError(WRONG_USE, 'plan needs the traffic', 'give either --calls FILE or --rate N');
  if (file === undefined) {
    const callsPerSecond = Number(rate);
    if (!(callsPerSecond > 0 && Number.isFinite(callsPerSecond)))
      throw new CliError(WRONG_USE, `--rate: "${rate}" is no rate`, 'write calls a second, above 0');
    return () => ({ callsPerSecond, series: null, totals: null });
  }
  const { calls, rows } = await loadReplay(file, path, mapping);
  return (revised) => {
    const traffic = recordedTraffic(revised, calls, rows);
    if (traffic.callsPerSecond > 0) return traffic;
    throw new CliError(
      'GUARDSPAN_TOO_FEW_CALLS',
      `${file}: fewer than two calls at different times enter ${revised.guardrail.metadata.name}`,
      'compare its match and test with the calls, or give --rate N',
    );
  };
}
