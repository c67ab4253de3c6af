import { createModelCall } from '@guardspan/policy/runtime';
import { expect, it } from 'vitest';
import { startedCall } from '../../src/guard/started-call.js';
import type { CallStart } from '../../src/guard/types.js';

const MODEL = { name: 'risk', version: '3', kind: 'classifier', framework: 'onnx', provider: '' };
const START: CallStart = {
  client: 'onnxruntime',
  model: MODEL,
  operation: 'predict',
  streamed: false,
  can: { request: [], chunk: [], response: [] },
  remote: false,
};
const RESOURCE = { service: 'loans', serviceVersion: '1', environment: 'prod', host: 'h', pid: 1 };

it('is a call of which only the start is known', () => {
  expect(startedCall(START, RESOURCE, 7, undefined)).toEqual({
    ...createModelCall(),
    model: MODEL,
    service: 'loans',
    environment: 'prod',
    operation: 'predict',
    startedAt: 7,
  });
});

it('has what the adapter captured and what the application said', () => {
  const told = {
    tenant: 'acme',
    attrs: { user: 'u' },
    group: { sex: 'F' },
    featureView: { name: 'applicants', version: '2' },
  };
  expect(startedCall({ ...START, features: { age: 40 } }, RESOURCE, 7, told)).toMatchObject({
    ...told,
    features: { age: 40 },
  });
});

it('shares nothing that one call could change for another', () => {
  const [one, other] = [startedCall(START, RESOURCE, 1, undefined), startedCall(START, RESOURCE, 2, undefined)];
  one.usage.inputTokens = 3;
  one.output.values['p'] = 1;
  one.error.type = 'timeout';
  one.decision.rerouteTo = 'small';
  expect(other).toEqual(startedCall(START, RESOURCE, 2, undefined));
  expect(() => one.toolCalls.push({ name: 'x', arguments: {} })).toThrow(TypeError);
  expect(() => (one.features['age'] = 1)).toThrow(TypeError);
});
