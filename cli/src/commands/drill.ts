import { setTimeout as sleep } from 'node:timers/promises';
import { ENV, parseDuration } from '@guardspan/policy';
import { ApiClient } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import { connectionError } from '../connection-error.js';
import type { CliIo } from '../cli-io.js';
import { runDrill } from '../drill/run-drill.js';
import type { DrillResult, DrillStep } from '../drill/types.js';
import { EXIT } from '../exit-codes.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { tokenOf } from '../token.js';
import type { TokenNames } from '../token.js';
import type { AddCommand } from './command.js';

/** The token of the service that a drill speaks for. */
const AGENT: TokenNames = { option: '--agent-token-file', variable: ENV.AGENT_TOKEN };

interface DrillFlags extends ServerFlags {
  agentTokenFile?: string;
  otlp?: string;
  alertmanager?: string;
  timeout: string;
  json: boolean;
}

/** Adds `guardspan drill`. */
export const addDrill: AddCommand = (program, io, finish) => {
  withServer(program.command('drill'))
    .description('violate the guard-rail guardspan-drill on purpose, and follow it to the pager')
    .option('--agent-token-file <file>', `file that holds an agent token (else env ${ENV.AGENT_TOKEN}, else the token)`)
    .option('--otlp <url>', `where the guard feed goes, your Collector (env ${ENV.OTLP_ENDPOINT}; else the evaluator)`)
    .option('--alertmanager <urls>', 'comma-separated: ask them who is told, and tell them if nothing was blocked')
    .option('--timeout <duration>', 'for each step', '30s')
    .option('--json', 'print one JSON object', false)
    .action(async (options: DrillFlags) => finish(await drill(options, io)));
};

async function drill(options: DrillFlags, io: CliIo): Promise<number> {
  const timeout = seconds(options.timeout);
  const viewer = await ApiClient.create(options, io);
  const token = await tokenOf(AGENT, options.agentTokenFile, io.env);
  const agent = viewer.withToken(token);
  const otlp = options.otlp ?? io.env[ENV.OTLP_ENDPOINT];
  const result = await runDrill({
    viewer,
    agent,
    sendFeed: (body) => (otlp === undefined ? toEvaluator(agent, body) : toCollector(otlp, token.text, body, io)),
    fetch: io.fetch,
    alertmanagers: (options.alertmanager ?? '').split(',').flatMap((url) => url.trim().replace(/\/+$/, '') || []),
    timeout,
    now: () => io.now(),
    sleep: (time) => sleep(time * 1000),
    onStep: (step) => {
      if (!options.json) io.out(lineOf(step));
    },
  });
  io.out(options.json ? `${JSON.stringify(result)}\n` : summaryOf(result));
  if (result.ok) return EXIT.OK;
  return result.unreachable ? EXIT.UNREACHABLE : EXIT.FAILED;
}

async function toEvaluator(agent: ApiClient, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await agent.request('POST', '/v1/traces', { headers, body })).status;
}

async function toCollector(url: string, token: string, body: string, io: CliIo): Promise<number> {
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  const response = await io
    .fetch(`${url.replace(/\/+$/, '')}/v1/traces`, { method: 'POST', headers, body, redirect: 'manual' })
    .catch((error: Error) => {
      throw connectionError(url, error, 'give its address with --otlp');
    });
  await response.body?.cancel();
  return response.status;
}

function seconds(text: string): number {
  try {
    const found = parseDuration(text);
    if (found > 0) return found;
  } catch {
    // The message below says what is wanted.
  }
  throw new CliError(WRONG_USE, `--timeout "${text}" is not a time`, 'write a number and a unit, for example 30s');
}

function lineOf({ step, outcome, ms, detail }: DrillStep): string {
  return `${outcome.padEnd(7)} ${String(ms).padStart(6)} ms  ${step.padEnd(12)}  ${detail}\n`;
}

function summaryOf({ blocked, steps, alerted }: DrillResult): string {
  const ms = (name: string): number => steps.find(({ step }) => step === name)!.ms;
  if (blocked) return `drill: blocked after ${ms('blocked')} ms\n`;
  const told = alerted.length === 0 ? 'no Alertmanager was told of it' : `told ${alerted.join(', ')}`;
  return `drill: NOT blocked; ${told}\n`;
}
