import type { RegoAnswer, RegoInput } from '@guardspan/policy/runtime';

/** A policy bundle on disk that is evaluated in this process. */
export interface RegoBundleConfig {
  /** Path of what `opa build -t wasm -e <package>` wrote (`bundle.tar.gz`). */
  bundle: string;
  /** Milliseconds that one evaluation should take at most. Default 2. */
  budget?: number;
}

/** An OPA server that is asked over its Data API. */
export interface RegoServerConfig {
  /** `http://host:port`, `https://host:port`, or `unix:///path/of/socket`. */
  url: string;
  /** Bearer token, for a server that asks for one. */
  token?: string;
}

/** Engines of this process, by the names that documents use. */
export type RegoConfig = Readonly<Record<string, RegoBundleConfig | RegoServerConfig>>;

/** An engine in this process: answers at once. */
export interface WasmEngine {
  readonly kind: 'wasm';
  /** Evaluates the package. Never throws. */
  ask(path: string, input: RegoInput): RegoAnswer;
  state(): EngineState;
}

/** An engine elsewhere. */
export interface ServerEngine {
  readonly kind: 'server';
  /** Asks for the package within `deadline` seconds. Never rejects. */
  ask(path: string, input: RegoInput, deadline: number): Promise<RegoAnswer>;
  state(): EngineState;
  /** Closes idle connections. */
  close(): void;
}

/** An engine that could not be made: its reason stands in for every answer. */
export interface BrokenEngine {
  readonly kind: 'broken';
  readonly code: string;
  readonly message: string;
}

/** Any engine of {@link RegoConfig}. */
export type RegoEngine = WasmEngine | ServerEngine | BrokenEngine;

/** What an engine has done since the start. */
export interface EngineState {
  /** Of the bundle; empty for a server. */
  revision: string;
  asked: number;
  /** Questions without an answer. */
  failed: number;
  /** Evaluations over the budget (in the process only). */
  slow: number;
  /** Questions that were not asked because the engine was out. */
  refused: number;
  /** True while the engine is not asked: demoted, or its breaker is open. */
  out: boolean;
}
