import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guardrailDocuments } from './inline/guardrails.js';
import { NATIVE, timeCalls, timeRuns, weigh } from './instrumentation/calls.js';
import type { Mode } from './instrumentation/calls.js';
import { ask, duration } from './instrumentation/child.js';
import { startReceiver } from './instrumentation/receiver.js';
import { startEvaluator } from './process/evaluator-process.js';
import type { EvaluatorProcess } from './process/evaluator-process.js';

/*
 * What instrumentations add to one call of the official OpenAI client with a prompt of 4 KB, beside each other: CPU time of the whole process per call over that of
 * the bare client, the least over rounds of interleaved processes. Exporting is part of it, for all. `tracing` is ours without an evaluator, `guarded` with 20
 * guard-rails, all detectors on the prompt, the guard feed and coverage. `typical_added_us` is the mean over processes of the least of each one. `warm_added_us` is the same after many more calls, when an engine has compiled everything: peers that do less gain
 * more by that. `onnxruntime_span_added_us` is what the SDK alone costs a run: nothing that makes a span is below it. `rss_mb` is memory above an SDK that makes a span per call, `rss_mb_over_idle_sdk` above one that makes none.
 */
const GUARDRAILS = 20;
const PROMPT = 4096;
/** Largest values that are good enough. */
const BARS = {
  ratio_tracing_to_contrib: 1,
  ratio_guarded_to_contrib: 2,
  ratio_guarded_re2_to_contrib: 1.5,
  onnxruntime_added_us: 5,
  lookup_us: 0.2,
  startup_ms_over_contrib: 60,
  rss_mb: 15,
};

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    processes: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '20' },
    calls: { type: 'string', default: '500' },
  },
});
const processes = Number(options.processes);
const folder = process.env['GUARDSPAN_PEERS_DIR'];
const native = process.env['GUARDSPAN_RE2_DIR'];
if (folder === undefined)
  throw new Error('the project of the peers is not installed: run npm run bench -- instrumentation');
const scratch = mkdtempSync(join(tmpdir(), 'guardspan-instrumentation-'));
const receiver = await startReceiver();
const evaluators: EvaluatorProcess[] = [];

async function evaluator(name: string, withText: boolean): Promise<string> {
  const guardrails = join(scratch, name);
  mkdirSync(guardrails);
  writeFileSync(join(guardrails, 'bench.yaml'), guardrailDocuments(withText));
  const started = startEvaluator({ dataDir: join(scratch, `${name}-data`), guardrails });
  evaluators.push(started);
  return started.url;
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const least = (values: readonly number[]): number => Math.min(...values);

async function startUp(): Promise<number> {
  const preloads = ['./preload-contrib.mjs', './preload-guardspan.mjs'];
  const times = preloads.map(() => Infinity);
  process.env['RECEIVER'] = receiver.url;
  for (let i = 0; i < 2 * processes; i++)
    for (const [index, preload] of preloads.entries())
      times[index] = least([times[index]!, await duration(folder!, 'import-client.mjs', preload)]);
  return times[1]! - times[0]!;
}

try {
  const plan = {
    folder,
    env: {
      PROMPT: String(PROMPT),
      RECEIVER: receiver.url,
      EVALUATOR: await evaluator('text', true),
      GUARDRAILS: String(GUARDRAILS),
    },
    processes,
    rounds: Number(options.rounds),
    calls: Number(options.calls),
    native,
  };
  const { fresh, typical, warm } = await timeCalls(plan);
  const rss = await weigh(plan);
  const onnx = await timeRuns({ ...plan, env: { ...plan.env, EVALUATOR: await evaluator('fields', false) } });
  const added = (mode: Mode, cpu = fresh): number => cpu[mode] - cpu.bare;
  const allAdded = (cpu: typeof fresh) =>
    Object.fromEntries(
      Object.keys(cpu)
        .filter((mode) => mode !== 'bare')
        .map((mode) => [mode, round(added(mode as Mode, cpu))]),
    );
  const result = {
    bare_us: round(fresh.bare),
    added_us: allAdded(fresh),
    typical_added_us: allAdded(typical),
    warm_added_us: allAdded(warm),
    ratio_tracing_to_contrib: round(added('tracing') / added('contrib'), 2),
    ratio_guarded_to_contrib: round(added('guarded') / added('contrib'), 2),
    // Not known where it could not be compiled, and then no bar.
    ratio_guarded_re2_to_contrib: native === undefined ? null : round(added(NATIVE) / added('contrib'), 2),
    onnxruntime_added_us: round(onnx.tracing - onnx.bare),
    onnxruntime_span_added_us: round(onnx.onnx_span - onnx.bare),
    onnxruntime_guarded_added_us: round(onnx.guarded - onnx.bare),
    lookup_us: round((await ask<{ lookup: number }>(folder, 'lookup.mjs', {})).lookup, 3),
    startup_ms_over_contrib: round(await startUp()),
    rss_mb: round(rss.guarded - rss.span),
    rss_mb_over_idle_sdk: round(rss.guarded - rss.sdk),
  };
  const passed = Object.entries(BARS).every(
    ([name, bar]) => ((result as unknown as Record<string, number | null>)[name] ?? 0) <= bar,
  );
  if (!options.json) console.dir(result, { depth: 3 });
  console.log(JSON.stringify({ ...result, bars: BARS, passed }));
} finally {
  receiver.close();
  await Promise.all(evaluators.map((each) => each.kill('SIGKILL')));
  rmSync(scratch, { recursive: true, force: true });
}
