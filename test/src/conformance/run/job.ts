import type { Outcome } from './outcome.js';

/** How the application of a cell loads the client. */
export const MODULES = ['esm', 'cjs', 'worker'] as const;
export type ModuleKind = (typeof MODULES)[number];

/** The lines of OpenTelemetry with which our package works: SDK 2.x with API 1.9, and SDK 3.x with API 1.10. */
export const LINES = ['3.x', '2.x'] as const;
export type Line = (typeof LINES)[number];

/** What the application of a cell is told, in the variable `CONFORMANCE_JOB`. */
export interface Job {
  client: string;
  module: ModuleKind;
  /** Address of the run on the local server. */
  url: string;
  /** Our package is loaded. */
  guarded: boolean;
  /** Our package as it is imported: by its name, or by the address of another copy. */
  guardspan: string;
  /** Guard-rails that must be in force before the first call; 0 without an evaluator. */
  guardrails: number;
  /** A call goes ahead of the usages; `directive`: and the evaluator's answer to it is awaited. */
  prime: 'none' | 'call' | 'directive';
  /** Folder whose dependencies are required, with a slash at its end (`cjs` only); empty: those of this package. */
  from: string;
}

/** What the application of a cell prints. */
export interface Printed {
  outcomes: { [usage: string]: Outcome };
  /** Rejections and exceptions that nobody caught. */
  stray: string[];
  /** Of `status()`; null in a bare run. */
  coverage: { calls: number; guarded: number } | null;
  /** The client as it was found; null in a bare run. */
  patched: boolean | null;
  /** Version of the OpenTelemetry API through which a tracer provider was set; empty when none was. */
  api: string;
  /** Problems inside of the guard. */
  failures: number;
}

/** The variable that holds the {@link Job} of an application. */
export const JOB_VARIABLE = 'CONFORMANCE_JOB';
