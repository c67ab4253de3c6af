import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createModelCall, re2Sets, usePatternSets } from '@guardspan/policy';
import type { DecideHost, Re2SetClass } from '@guardspan/policy';
import type { Contender } from './contender.js';
import { guardrails } from './guardrails.js';

const HOST: DecideHost = {
  random: () => 0.5,
  newId: () => 'id',
  now: () => 0,
  tryAcquire: () => true,
  takeProbe: () => false,
  forbids: () => null,
};

/** The decision function as an instrumented process runs it, with the detectors that this package ships. */
export function guardspan(name: string, withText: boolean): Contender {
  const set = guardrails(withText);
  const call = createModelCall();
  call.model.name = 'gpt-4o-mini';
  call.service = 'shop';
  call.tenant = 'acme';
  call.operation = 'chat';
  call.environment = 'prod';
  call.attrs = { tier: 'paid' };
  return {
    name,
    decide: (prompt) =>
      set.decide({
        point: 'request',
        call,
        texts: () => [{ path: 'messages.0.content', role: 'user', text: prompt }],
        directives: [],
        freshness: 'live',
        host: HOST,
      }),
  };
}

/** The same with the native engine of the npm package `re2`, as a process has it that finds the package. */
export function nativeGuardspan(): Contender | string {
  const engine = nativeEngine();
  if (engine === undefined) return 're2 is not there: npm run bench compiles it, and says why it could not';
  usePatternSets(re2Sets(engine.Set));
  // Packs are compiled with the guard-rails, so the others run without it.
  const contender = guardspan('re2', true);
  return { ...contender, close: () => Promise.resolve(usePatternSets(null)) };
}

function nativeEngine(): { Set: Re2SetClass } | undefined {
  const folder = process.env['GUARDSPAN_RE2_DIR'];
  if (folder === undefined) return undefined;
  return createRequire(join(folder, 'package.json'))('re2') as ReturnType<typeof nativeEngine>;
}
