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
/** Rounds after which engines have compiled what they will compile, and rounds that count then. */
const WARM = { before: 25, rounds: 10 };

/**
 * CPU microseconds of one call. All contenders run beside each other and make a round in turn, so that what else the machine does meets all of them.
 *
 * @returns `fresh`: the least of the rounds of all processes after one round, as research on peers measured. `warm`: the least of ten rounds after 25 more of the last processes.
 */
export async function timeCalls({ folder, env, processes, rounds, calls, native }: Plan) {
  const modes: readonly Mode[] = native === undefined ? MODES : [...MODES, NATIVE];
  const path = native === undefined ? {} : { NODE_PATH: join(native, 'node_modules') };
  const fresh = Object.fromEntries(modes.map((mode) => [mode, Infinity])) as Record<Mode, number>;
  const warm = { ...fresh };
  for (let i = 0; i < processes; i++) {
    const contenders = new Map<Mode, ContenderProcess>();
    for (const mode of modes)
      contenders.set(mode, await ContenderProcess.start(folder, mode, mode === NATIVE ? { ...env, ...path } : env));
    const round = async (into?: Record<Mode, number>): Promise<void> => {
      for (const [mode, contender] of contenders) {
        const time = await contender.round(calls);
        if (into) into[mode] = least([into[mode], time]);
      }
    };
    await round();
    for (let count = 0; count < rounds; count++) await round(fresh);
    if (i === processes - 1) {
      for (let count = 0; count < WARM.before; count++) await round();
      for (let count = 0; count < WARM.rounds; count++) await round(warm);
    }
    for (const contender of contenders.values()) contender.end();
  }
  return { fresh, warm };
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
      const contender = await ContenderProcess.start(folder, mode, env);
      rss[mode] = least([rss[mode], await contender.pace(TRAFFIC)]);
      contender.end();
    }
  }
  return rss;
}
