import type { BreakerOptions, InlinePoint } from '@guardspan/policy/runtime';

/** What a rewriter is told of a text beside the text. */
export interface TextToRewrite {
  /** `system`, `user`, `assistant`, `tool`, or empty. */
  role: string;
  /** Where the text stands, in the words of the client (`messages.0.content`). */
  path: string;
  /** `request` or `response`. */
  point: InlinePoint;
  /** Name of the model that was asked for. */
  model: string;
  /** Aborts at the deadline, after which the answer is not waited for. */
  signal: AbortSignal;
}

/** A rewriter of this process, which guard-rails name (`rewrite: {by}`). What the name means is said in the process's own code and nowhere else. */
export interface Rewriter {
  /** Name that documents give as `by`. */
  name: string;
  /**
   * Gives the text that goes on, at most 1,048,576 UTF-16 code units; undefined to leave it as it is. Called once for each text, with what redactions and earlier rewrites left of it. A throw,
   * a rejection and anything that is no text are a failure, and `onError` of the guard-rail decides. Its own calls of models are not guarded.
   */
  rewrite(text: string, about: TextToRewrite): string | undefined | PromiseLike<string | undefined>;
  /**
   * Says whether it can answer: `false`, an error or no answer within five seconds mean that it cannot. Asked before it is used, and then every ten seconds. One that cannot answer is not
   * announced, and being asked it has failed. Without it the rewriter is taken to answer.
   */
  check?: () => boolean | void | PromiseLike<boolean | void>;
  /** Calls under way at a time; one more is `saturated`. Default 64. */
  maxConcurrent?: number;
  /** Default: opens after 5 failures in a row for 10 s. */
  breaker?: BreakerOptions;
}
