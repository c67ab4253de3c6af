import type { CallValue } from '../call/model-call.js';
import type { ExternalFailure } from '../external/types.js';

/** Which policy of which engine is asked. The process declares the engine under this name; a document holds no path and no URL. */
export interface RegoUse {
  engine: string;
  /** Package that keeps the contract, with slashes: `guardspan/residency` is `package guardspan.residency`. */
  path: string;
}

/** The `input` document of a policy: fields of the call that exist at the point, and results of detectors. Texts, groups and truths are never in it. */
export interface RegoInput {
  point: string;
  /** Fields of `ModelCall`; numbers that are unknown are left out. */
  call: { [field: string]: CallValue };
  detectors: { [name: string]: { count: number; maxScore: number; entities: string[]; fields?: string[] } };
}

/** What an engine answers: the JSON value of the package (undefined when the policy says nothing), or why there is none. `message` holds no content. */
export type RegoAnswer = { value: unknown } | { failure: ExternalFailure; message: string };

/** What a policy says about a call. */
export interface RegoOutcome {
  says: 'pass' | 'deny' | 'warn';
  /** Sentences of the policy, sorted, at most {@link MAX_REASONS}, each at most {@link MAX_REASON_LENGTH} UTF-16 code units. */
  reasons: string[];
  /** Numbers of reasons before they were bounded. */
  denied: number;
  warned: number;
}

/** Reasons that are kept of one answer. */
export const MAX_REASONS = 16;
/** UTF-16 code units of one reason. */
export const MAX_REASON_LENGTH = 200;
