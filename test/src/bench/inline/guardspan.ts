import { createModelCall } from '@guardspan/policy';
import type { DecideHost } from '@guardspan/policy';
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
