import type { Pace } from './slices.js';
import type { CompiledWindowed, RevisedGuardrail } from '@guardspan/policy';

/** What an engine needs from outside. */
export interface EngineOptions {
  /** A new verdict id: 16 random bytes, hexadecimal. */
  newId: () => string;
  /** Makes everything accepted so far durable; default resolves at once. */
  flush?: () => Promise<void>;
  /** Clock of a process minus the evaluator's, seconds, as measured on ping; undefined when unknown. */
  clockOffset?: (incarnation: string) => number | undefined;
  /** Series of one guard-rail; calls of further ones are dropped and counted. Default 10,000. */
  maxSeries?: number;
  /** Ids kept for de-duplication. Default 4,000,000 (about 250 MB at worst). */
  maxSeen?: number;
  /** Seeds the hash of ids, so that who chooses ids cannot choose collisions: any 32-bit integer. Default random. */
  hashSeed?: number;
  /** Lets work on many series pause, so that it never holds the thread for long; default it is done at once. Verdicts and evidence are the same. */
  pace?: Pace;
  /** Told of what is swallowed because the engine never throws: documents that do not compile, listeners that throw, damaged checkpoint rows. */
  onError?: (error: unknown) => void;
  /** True when a person has not let the action of this verdict be taken: then nothing is withheld, and recovery is judged on ordinary calls. Default: never. */
  isHeld?: (verdictId: string) => boolean;
  /** Default `compileWindowed` of the policy package. */
  compile?: (guardrail: RevisedGuardrail) => CompiledWindowed;
}
