import { describe, expect, it } from 'vitest';
import { answerFault } from '../../src/http/answer-fault.js';

const of = (path: string, body: unknown, method = 'GET') => answerFault(method, path, 200, { body });

describe('an answer of the API, for who asks', () => {
  it.each([
    ['text', 'the answer must be'],
    [null, 'the answer must be'],
    [{}, 'items is missing'],
    [{ other: 1 }, 'items is missing'],
    [{ items: {} }, 'items must be a list'],
    [{ items: [1] }, 'items.0 must be a mapping'],
    [{ items: [{}] }, 'items.0.'],
    [{ items: [{ name: 3 }] }, 'items.0.name must be a text'],
  ])('has a fault that is named: %j', (body, fault) => {
    expect(of('/api/v1/guardrails?limit=2', body)).toContain(fault);
  });

  it('may be of a release that says less, or more', () => {
    expect(of('/api/v1/guardrails', { items: [{ name: 'a' }], more: 1 })).toBe('');
    expect(of('/api/v1/guardrails/a', { name: 'a', outcome: 'new' })).toBe('');
  });

  it('is judged where the API has it only', () => {
    expect(of('/v1/traces', 'anything', 'POST')).toBe('');
    expect(answerFault('GET', '/api/v1/guardrails', 418, { body: 'anything' })).toBe('');
  });

  it('that is streamed says what it is', () => {
    const export_ = (contentType: string) => answerFault('GET', '/api/v1/audit/export', 200, { contentType });
    expect(export_('application/jsonl; charset=utf-8')).toBe('');
    expect(export_('text/html')).toBe('it is text/html instead of application/jsonl');
  });
});
