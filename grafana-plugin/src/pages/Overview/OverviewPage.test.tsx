import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import OverviewPage from './OverviewPage';

let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});

it('shows what is enforced now, by how many processes, and why', async () => {
  renderPage(<OverviewPage />);
  const table = await screen.findByRole('table', { name: 'Enforced now' });
  const [directive] = recorded<{ items: Array<{ guardrail: string; reason: { message: string } }> }>(
    'listDirectives',
  ).items;
  expect(within(table).getByText(directive!.guardrail)).toBeInTheDocument();
  expect(within(table).getByText('reroute to small-model')).toBeInTheDocument();
  expect(within(table).getByText(directive!.reason.message)).toBeInTheDocument();
  expect(within(table).getByText('1 of 1')).toBeInTheDocument();
});

it('answers the four first questions in numbers', async () => {
  renderPage(<OverviewPage />);
  const tile = async (name: string) => (await screen.findByRole('region', { name })).textContent;
  await waitFor(async () => expect(await tile('Coverage')).toContain('100 %'));
  expect(await tile('Processes up to date')).toContain('2 of 2');
  expect(await tile('Guard-rails that enforce')).toMatch(/\d of \d/);
  expect(await tile('Series that fire')).toMatch(/\d/);
});

it('says that nothing can be enforced when no process is connected', async () => {
  server.on('GET', 'fleet', { status: 200, body: { items: [], total: 0 } });
  renderPage(<OverviewPage />);
  expect(await screen.findByText('No process is connected: nothing can be enforced.')).toBeInTheDocument();
});

it('puts a stop of enforcement above everything else', async () => {
  const scope = { guardrail: '', model: '', service: 'assistant' };
  const kill = { id: 'k', scope, reason: 'false alarms', by: 'anna', expiresIn: 0, at: 1, until: 0 };
  server.on('GET', 'kill', { status: 200, body: { items: [kill] } });
  renderPage(<OverviewPage />);
  const notice = await screen.findByText('Enforcement is stopped');
  expect(notice.closest('[role="alert"]')).toHaveTextContent('service assistant');
  expect(notice.closest('[role="alert"]')).toHaveTextContent('false alarms (anna, until it is released)');
});

it('keeps what was known when the evaluator stops to answer, and says how old it is', async () => {
  const { client } = renderPage(<OverviewPage />);
  await screen.findByRole('table', { name: 'Enforced now' });
  server.onEverything({ status: 502, body: { message: 'Bad Gateway' } });
  await client.invalidateQueries();
  expect((await screen.findAllByText(/This was known at/)).length).toBeGreaterThan(0);
  expect(screen.getByRole('table', { name: 'Enforced now' })).toBeInTheDocument();
});

it.each([
  [{ status: 502, body: { message: 'Bad Gateway' } }, 'The evaluator cannot be reached'],
  [problem(401, 'GUARDSPAN_UNAUTHORIZED', 'A valid bearer token is needed.'), 'The evaluator does not know the token'],
  [{ status: 403, body: { message: 'plugin proxy route access denied' } }, 'You lack a permission'],
  [problem(403, 'GUARDSPAN_FORBIDDEN', 'This needs the role viewer.'), 'The evaluator does not allow this'],
  [problem(500, 'GUARDSPAN_INTERNAL', 'The evaluator failed.'), 'Something failed'],
  [problem(503, 'GUARDSPAN_STORE_CLOSED', 'The store did not take it.'), 'The evaluator is busy'],
  [{ status: 200, body: { hello: 'world' } }, 'The answer is not one of this API'],
])('names %o', async (answer, title) => {
  server.onEverything(answer);
  renderPage(<OverviewPage />);
  expect((await screen.findAllByText(title)).length).toBeGreaterThan(0);
});

it('reads anew what an event of the stream changes, and nothing else', async () => {
  const write = server.openStream();
  renderPage(<OverviewPage />);
  await screen.findByRole('table', { name: 'Enforced now' });
  write(': open\n\n');
  expect(await screen.findByText('Live')).toBeInTheDocument();
  const before = server.requests.length;
  write('id: s-1\nevent: kill\ndata: {"at":1}\n\n');
  await waitFor(() => expect(server.requests.length).toBeGreaterThan(before), { timeout: 3000 });
  const paths = new Set(server.requests.slice(before).map(({ path }) => path));
  expect([...paths].sort()).toEqual(['audit', 'fleet', 'kill']);
});
