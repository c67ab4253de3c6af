import type { RegoAnswer } from '@guardspan/policy/runtime';
import { BoundedService } from '../external/bounded-service.js';
import type { Clock } from '../guard/clock.js';
import { createOpaClient } from './opa-client.js';
import type { EngineState, RegoServerConfig, ServerEngine } from './types.js';

/**
 * An OPA server: each question has a deadline, at most 64 are under way, and after five failures in a row the server is left alone for 10 s and then tried with one.
 * @throws GuardspanError GUARDSPAN_REGO_CONFIG
 */
export function createServerEngine(name: string, config: RegoServerConfig, clock: Clock): ServerEngine {
  const client = createOpaClient(config);
  const service = new BoundedService(`the OPA server ${name}`, clock);
  const counts = { asked: 0, failed: 0, slow: 0, refused: 0 };
  return {
    kind: 'server',
    async ask(path, input, deadline): Promise<RegoAnswer> {
      if (service.state === 'open') counts.refused += 1;
      else counts.asked += 1;
      const answer = await service.ask((signal) => client.query(path, input, signal), deadline);
      if (answer.ok) return { value: answer.value };
      counts.failed += 1;
      const { failure, message } = answer;
      return { failure, message };
    },
    state: (): EngineState => ({ revision: '', ...counts, out: service.state !== 'closed' }),
    close: () => client.close(),
  };
}
