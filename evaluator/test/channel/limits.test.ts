import { loadGuardrails } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { Publication } from '../../src/channel/publication.js';

const latency = (name: string, within: string, service: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}}
spec:
  match: {services: [${service}]}
  over: {every: 10s, test: {latency: {within: ${within}, max: 0.05}}, promise: {falseAlarms: 1, per: 30d}}
  action: {annotate: {attributes: {a: b}}}
  mode: warn
`;

describe('limits that a process is told', () => {
  it('are those of the latency tests that match its service, each once, in order', () => {
    const text = [latency('a', '5s', 'shop'), latency('b', '250ms', 'shop'), latency('c', '5s', 'shop')];
    const { guardrails } = loadGuardrails([...text, latency('d', '1s', 'bank')].join('---'), { file: 'x' });
    const publication = new Publication();
    publication.set(guardrails);
    const limits = (service: string): readonly number[] => publication.selection({ service, environment: '' }).limits;
    expect(limits('shop')).toEqual([0.25, 5]);
    expect(limits('bank')).toEqual([1]);
    expect(limits('other')).toEqual([]);
  });

  it('are no more than 32', () => {
    const text = Array.from({ length: 40 }, (_, i) => latency(`g${i}`, `${i + 1}s`, 'shop')).join('---');
    const publication = new Publication();
    publication.set(loadGuardrails(text, { file: 'x' }).guardrails);
    expect(publication.selection({ service: 'shop', environment: '' }).limits).toHaveLength(32);
  });
});
