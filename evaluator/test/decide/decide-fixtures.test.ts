import { readdirSync, readFileSync } from 'node:fs';
import type { Action, Decision, HeldDirective, RegoAnswer, RevisedGuardrail } from '@guardspan/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { DecisionService } from '../../src/decide/decision-service.js';
import { startHarness } from '../http/harness.js';
import type { Harness } from '../http/harness.js';

interface Fixture {
  guardrails: RevisedGuardrail[];
  input: {
    point?: string;
    call?: object;
    texts?: { path: string; role: string; text: string }[];
    directives?: HeldDirective[];
    freshness?: string;
    traceId?: string;
    host?: {
      random?: number;
      tryAcquire?: boolean;
      takeProbe?: boolean;
      rego?: Record<string, RegoAnswer>;
      forbids?: Record<string, 'forbidden_here' | 'unsupported_here' | 'killed'>;
    };
  };
  expected: Decision;
}

const root = new URL('../../../test/fixtures/v1/decide/', import.meta.url);
const fixtures = readdirSync(root)
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Fixture] as const);
// The evaluator is never without itself: what a process does then has no request to be asked by.
const askable = fixtures.filter(([, { input }]) => (input.freshness ?? 'live') === 'live');

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
});

/** A server whose guard-rails, directives and luck are those of a fixture. */
async function serve({ guardrails, input }: Fixture): Promise<Harness> {
  const { host = {}, directives = [] } = input;
  let ids = 0;
  const service = new DecisionService({
    guardrails: () => guardrails,
    directives: () => directives,
    now: () => 0,
    host: {
      asker: { can: [], targets: [], model: '', service: '' },
      random: () => host.random ?? 0,
      newId: () => String((ids += 1)).padStart(32, '0'),
      now: () => 0,
      tryAcquire: () => host.tryAcquire ?? false,
      takeProbe: () => host.takeProbe ?? false,
      forbids: (action: Action) => host.forbids?.[action.type] ?? null,
      rego: ({ engine }) => host.rego?.[engine],
    },
  });
  return startHarness({ decide: (request) => service.decide(request).answer });
}

describe('the language-neutral fixtures, asked over HTTP', () => {
  it('are all but those of a process without its evaluator', () => {
    expect(fixtures.length - askable.length).toBe(5);
    expect(askable.length).toBeGreaterThan(35);
  });

  it.each(askable)('%s', async (_, fixture) => {
    const { point: at, call, texts, traceId } = fixture.input;
    const body = { at, call, texts, traceId };
    harness = await serve(fixture);
    const plain = await harness.call('POST', '/api/v1/decide', 'ada-admin', { body });
    expect(plain.status).toBe(200);
    const answer = (await plain.json()) as { allow: boolean; decision: Decision };
    expect(answer.decision).toEqual(fixture.expected);
    expect(answer.allow).toBe(fixture.expected.end === null);
    await harness.close();

    harness = await serve(fixture);
    const opa = await harness.call('POST', '/v1/data/guardspan/decide', 'ada-admin', { body: { input: body } });
    expect(await opa.json()).toEqual({ result: answer });
  });
});
