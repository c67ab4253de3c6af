import { readFileSync } from 'node:fs';
import { GuardspanError } from '@guardspan/policy/runtime';
import type { ExternalOutcome, RegoAnswer, RegoInput, RegoQuestion, RegoUse } from '@guardspan/policy/runtime';
import type { Clock } from '../guard/clock.js';
import { readBundle } from './read-bundle.js';
import { createServerEngine } from './server-engine.js';
import type { EngineState, RegoConfig, RegoEngine } from './types.js';
import { createWasmEngine } from './wasm-engine.js';

/** An engine as `status()` shows it. */
export type EngineStatus = { name: string; kind: RegoEngine['kind']; error: string } & EngineState;

const NOTHING_DONE: EngineState = { revision: '', asked: 0, failed: 0, slow: 0, refused: 0, out: true };

/** The policy engines that this process declares, by name. One that cannot be made stays as its reason: its guard-rails go through the failure table. */
export class RegoEngines {
  readonly #engines = new Map<string, RegoEngine>();

  constructor(config: RegoConfig, clock: Clock) {
    for (const [name, one] of Object.entries(config)) {
      try {
        this.#engines.set(
          name,
          'bundle' in one
            ? createWasmEngine({
                name,
                bundle: readBundle(readBundleFile(one.bundle), one.bundle),
                ...(one.budget === undefined ? {} : { budget: one.budget }),
                now: () => clock.monotonic(),
              })
            : createServerEngine(name, one, clock),
        );
      } catch (error) {
        const { code = 'GUARDSPAN_REGO_CONFIG', message } = error as Partial<GuardspanError> & Error;
        this.#engines.set(name, { kind: 'broken', code, message });
      }
    }
  }

  /** Answer of an engine in this process; undefined when the engine is a server or nobody declares it. Never throws. */
  readonly ask = ({ engine, path }: RegoUse, input: () => RegoInput): RegoAnswer | undefined => {
    const found = this.#engines.get(engine);
    if (found?.kind === 'wasm') return found.ask(path, input());
    if (found?.kind === 'broken') return { failure: 'detector_error', message: found.message };
    return undefined;
  };

  /** Asks a server. Never rejects. */
  async askServer({ name, path, input }: RegoQuestion, deadline: number): Promise<ExternalOutcome> {
    const found = this.#engines.get(name);
    if (found?.kind !== 'server')
      return { ok: false, failure: 'detector_error', message: `this process declares no engine ${name}` };
    const answer = await found.ask(path, input, deadline);
    return 'failure' in answer ? { ok: false, ...answer } : { ok: true, findings: [], value: answer.value };
  }

  /** Why a guard-rail that asks this engine cannot be decided here; empty when it can. `outside`: its document gives a deadline. */
  problem({ engine }: RegoUse, outside: boolean): { code: string; message: string } | null {
    const found = this.#engines.get(engine);
    if (found === undefined)
      return { code: 'UNKNOWN_ENGINE', message: `this process declares no Rego engine ${engine}` };
    if (found.kind === 'broken') return { code: found.code, message: found.message };
    if (found.kind === 'server' && !outside)
      return {
        code: 'UNKNOWN_ENGINE',
        message: `the Rego engine ${engine} is a server here, and the document gives no deadline`,
      };
    return null;
  }

  /** Names of the engines that can be asked, sorted: what `hello` says. */
  names(): string[] {
    return [...this.#engines]
      .filter(([, { kind }]) => kind !== 'broken')
      .map(([name]) => name)
      .sort();
  }

  list(): EngineStatus[] {
    return [...this.#engines].map(([name, engine]) =>
      engine.kind === 'broken'
        ? { name, kind: engine.kind, error: engine.message, ...NOTHING_DONE }
        : { name, kind: engine.kind, error: '', ...engine.state() },
    );
  }

  /** Closes connections. */
  close(): void {
    for (const engine of this.#engines.values()) if (engine.kind === 'server') engine.close();
  }
}

function readBundleFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_REGO_BUNDLE',
      `the bundle cannot be read: ${(error as Error).message}`,
      'check the path and who may read it',
    );
  }
}
