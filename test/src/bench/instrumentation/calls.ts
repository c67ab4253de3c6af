import { join } from 'node:path';
import { ContenderProcess } from './contender-process.js';

/** What may stand between an application and its client; the names are those of the contenders of the peers' project. */
export const MODES = ['bare', 'sdk', 'contrib', 'openllmetry', 'openinference', 'tracing', 'guarded'] as const;
/** `guarded` by a process that finds the npm package `re2`; only where a {@link Plan} says where that is. */
export const NATIVE = 'guarded_re2';
/** One of {@link MODES}, or {@link NATIVE}. */
export type Mode = (typeof MODES)[number] | typeof NATIVE;

/** Where and how often. */
export interface Plan {
  folder: string;
  env: Record<string, string>;
  processes: number;
  rounds: number;
  /** Calls of one round. */
  calls: number;
  /** A folder whose `node_modules` has `re2`. */
  native?: string | undefined;
}

const least = (values: readonly number[]): number => Math.min(...values);
/** Calls before it counts, as research on peers made. */
const FIRST = 2000;
/** Calls after which engines have compiled what they will compile, and rounds that count then. */
const WARM = { before: 50_000, rounds: 40 };

/**
 * CPU microseconds of one call. All contenders run beside each other and make a round in turn. Rounds are short: machines change their speed within seconds, and each contender is to meet
 * the best of it.
 *
 * @returns `fresh`: the least of the rounds of all processes after their first calls. `typical`: the mean over processes of each one's least round, which no single moment of the machine
 * decides. `warm`: the least of the rounds of the last processes after many more.
 */
export async function timeCalls({ folder, env, processes, rounds, calls, native }: Plan) {
  const modes: readonly Mode[] = native === undefined ? MODES : [...MODES, NATIVE];
  const path = native === undefined ? {} : { NODE_PATH: join(native, 'node_modules') };
  const fresh = Object.fromEntries(modes.map((mode) => [mode, Infinity])) as Record<Mode, number>;
  const warm = { ...fresh };
  const typical = Object.fromEntries(modes.map((mode) => [mode, 0])) as Record<Mode, number>;
  for (let i = 0; i < processes; i++) {
    const contenders = new Map<Mode, ContenderProcess>();
    for (const mode of modes)
      contenders.set(
        mode,
        await ContenderProcess.start(folder, 'openai-calls.mjs', mode, mode === NATIVE ? { ...env, ...path } : env),
      );
    const round = async (into: Record<Mode, number>): Promise<void> => {
      for (const [mode, contender] of contenders) into[mode] = least([into[mode], await contender.round(calls)]);
    };
    for (const contender of contenders.values()) await contender.round(FIRST);
    const own = Object.fromEntries(modes.map((mode) => [mode, Infinity])) as Record<Mode, number>;
    for (let count = 0; count < rounds; count++) await round(own);
    for (const mode of modes) {
      fresh[mode] = least([fresh[mode], own[mode]]);
      typical[mode] += own[mode] / processes;
    }
    if (i === processes - 1) {
      for (const contender of contenders.values()) await contender.round(WARM.before);
      for (let count = 0; count < WARM.rounds; count++) await round(warm);
    }
    for (const contender of contenders.values()) contender.end();
  }
  return { fresh, typical, warm };
}

/** Seconds of traffic before memory is read. */
const TRAFFIC = 8;

/**
 * Megabytes that processes hold in steady traffic, the least of several: with the SDK alone, with the SDK at work (a span by hand around each call), and guarded. At full speed V8 lets its young space grow by
 * tens of megabytes under anything that makes a span, and says nothing of what stays.
 */
export async function weigh({ folder, env, processes }: Plan): Promise<Record<'sdk' | 'span' | 'guarded', number>> {
  const rss = { sdk: Infinity, span: Infinity, guarded: Infinity };
  for (let i = 0; i < processes; i++) {
    for (const mode of ['sdk', 'span', 'guarded'] as const) {
      const contender = await ContenderProcess.start(folder, 'openai-calls.mjs', mode, env);
      rss[mode] = least([rss[mode], await contender.pace(TRAFFIC)]);
      contender.end();
    }
  }
  return rss;
}

/** Of the contenders of runs of a model in process. */
export const RUN_MODES = ['bare', 'onnx_span', 'tracing', 'guarded'] as const;
/** Runs before it counts, and then rounds of runs: short ones, since machines change their speed within seconds and each contender is to meet all of it. */
const RUNS = { before: 5000, rounds: 40, runs: 500 };

/** Microseconds that the caller of a small ONNX model waits for a run: the least of the medians of the rounds of all processes, which make a round in turn. */
export async function timeRuns({
  folder,
  env,
  processes,
}: Pick<Plan, 'folder' | 'env' | 'processes'>): Promise<Record<(typeof RUN_MODES)[number], number>> {
  const fastest = { bare: Infinity, onnx_span: Infinity, tracing: Infinity, guarded: Infinity };
  for (let i = 0; i < processes; i++) {
    const contenders = new Map<(typeof RUN_MODES)[number], ContenderProcess>();
    for (const mode of RUN_MODES)
      contenders.set(mode, await ContenderProcess.start(folder, 'onnx-calls.mjs', mode, env));
    for (const contender of contenders.values()) await contender.round(RUNS.before);
    for (let count = 0; count < RUNS.rounds; count++)
      for (const [mode, contender] of contenders)
        fastest[mode] = least([fastest[mode], await contender.round(RUNS.runs)]);
    for (const contender of contenders.values()) contender.end();
  }
  return fastest;
}
