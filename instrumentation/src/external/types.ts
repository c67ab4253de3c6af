import type { BreakerOptions, DetectorQuestion, ExternalFinding } from '@guardspan/policy/runtime';

/**
 * A detector outside of the guard: a service that is asked over the network, a model in this process, anything that needs to be awaited. Guard-rails name
 * it under `uses` with a `deadline`; what the name means is said in the process's own configuration and nowhere else.
 */
export interface ExternalDetector {
  /** Name that documents give as `detector`. */
  name: string;
  /**
   * Looks at the texts of one call. Offsets are UTF-16 code units into the part with that path; an empty path is a finding about the whole text. Rejects or throws
   * when it cannot answer. `signal` aborts at the deadline, after which the answer is not waited for.
   */
  detect(
    question: Omit<DetectorQuestion, 'kind' | 'name'>,
    signal: AbortSignal,
  ): PromiseLike<readonly ExternalFinding[]> | readonly ExternalFinding[];
  /** Questions under way at a time; one more is `saturated`. Default 64. */
  maxConcurrent?: number;
  /** Default: opens after 5 failures in a row for 10 s. */
  breaker?: BreakerOptions;
}
