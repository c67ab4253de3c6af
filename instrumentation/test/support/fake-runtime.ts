import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Decision } from '@guardspan/policy/runtime';
import type {
  CallAnswer,
  CallStart,
  Capture,
  GuardedCall,
  GuardRuntime,
  SiteDeclaration,
  TargetDefinition,
} from '../../src/guard/types.js';
import type { PatchHost } from '../../src/loader/patch.js';

/** A decision that lets the call through. */
export function allow(change: Partial<Decision> = {}): Decision {
  return {
    action: 'allow',
    disposition: 'allow',
    verdicts: [],
    evaluated: 1,
    end: null,
    redactions: [],
    reroute: null,
    annotations: {},
    probe: false,
    directive: '',
    ...change,
  };
}

/** What happened to one call, in order. */
export interface CallLog {
  start: CallStart;
  answers: CallAnswer[];
  failures: unknown[];
  rerouted: { to: string; model: unknown }[];
  /** How often the record was closed (the first of failed and end). */
  ended: number;
}

/** A runtime that decides as told and remembers everything. */
export class FakeRuntime implements GuardRuntime, PatchHost {
  readonly calls: CallLog[] = [];
  readonly sites: SiteDeclaration[] = [];
  readonly targets = new Map<string, TargetDefinition>();
  readonly #inside = new AsyncLocalStorage<boolean>();
  captured: Capture = { features: 'all', outputs: 'all' };
  atRequest: (start: CallStart) => Decision = () => allow();
  atResponse: (answer: CallAnswer) => Decision = () => allow();

  runtime(): GuardRuntime {
    return this;
  }
  declare(site: SiteDeclaration): void {
    this.declareSite(site);
  }
  declareSite(site: SiteDeclaration): void {
    this.sites.push(site);
  }
  inside(): boolean {
    return this.#inside.getStore() === true;
  }
  unguarded(): void {
    throw new Error('no call of these tests is unguarded');
  }
  target(name: string): TargetDefinition | undefined {
    return this.targets.get(name);
  }
  declareTarget(target: TargetDefinition): void {
    this.targets.set(target.name, target);
  }
  declareDetector(): void {
    throw new Error('no test of adapters declares a detector');
  }
  declareRewriter(): void {
    throw new Error('no test of adapters declares a rewriter');
  }
  capture(): Capture {
    return this.captured;
  }
  begin(start: CallStart): GuardedCall {
    const log: CallLog = { start, answers: [], failures: [], rerouted: [], ended: 0 };
    this.calls.push(log);
    const close = (): boolean => log.ended++ === 0;
    return {
      unread: null,
      decision: this.atRequest(start),
      span: trace.wrapSpanContext({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 }),
      context: ROOT_CONTEXT,
      run: (fn) => this.#inside.run(true, fn),
      rerouted: (to, model) => void log.rerouted.push({ to, model }),
      streaming: () => null,
      answered: (answer) => {
        log.answers.push(answer);
        return this.atResponse(answer);
      },
      failed: (error) => {
        if (close()) log.failures.push(error);
      },
      end: () => void close(),
    };
  }
}
