import { EvaluatorServer, recorded } from '../test/evaluatorServer';
import { evaluator } from './client';

interface Listed {
  items: Array<{ name: string }>;
  total: number;
  next: string;
}

it('reads every page of the guard-rails', async () => {
  const { items } = recorded<Listed>('listGuardrails');
  const named = (name: string) => ({ ...items[0]!, name });
  const pages: Record<string, Listed> = {
    '': { items: [named('a'), named('b')], total: 3, next: 'YgA' },
    YgA: { items: [named('c')], total: 3, next: '' },
  };
  const server = new EvaluatorServer().on('GET', 'guardrails', ({ query }) => ({
    status: 200,
    body: pages[String(query['after'] ?? '')],
  }));
  const whole = await evaluator.guardrails();
  expect(whole.items.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(server.requests.map(({ query }) => query['after'])).toEqual([undefined, 'YgA']);
});
