import { createModelCall } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import { expect, it } from 'vitest';
import { withAccounts } from '../../src/serve/accounting-sink.js';

const of = (service: string, sampled: boolean): RecordedCall => {
  const call = createModelCall();
  call.service = service;
  call.model.name = 'risk';
  return { call, id: { traceId: '', spanId: '', callId: '' }, source: 'feed', sampled, instance: '', incarnation: '' };
};

it('counts each call of a service with our package once, from its feed, and foreign spans of others as not guarded', () => {
  const [engine, counted, foreign]: [RecordedCall[], RecordedCall[], string[]] = [[], [], []];
  const sink = withAccounts(
    { accept: (calls) => void engine.push(...calls), durable: () => Promise.resolve() },
    {
      isOurs: (service) => service === 'ours',
      foreign: (service) => void foreign.push(service),
      count: (calls) => void counted.push(...calls),
    },
  );
  const calls = [of('ours', false), of('ours', true), of('theirs', true)];
  sink.accept(calls, 1);
  expect(engine).toEqual(calls);
  expect(counted).toEqual([calls[0], calls[2]]);
  expect(foreign).toEqual(['theirs']);
});
