import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { ModelTotals } from '../../api/answers';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import ModelsPage from './ModelsPage';

const { items: models } = recorded<{ items: ModelTotals[] }>('listModels');
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});

const render = (at = 'models') => renderPage(<ModelsPage />, { route: 'models', at });
const modelsOf = (items: unknown[]) => ({ status: 200, body: { items, total: items.length, next: '' } });
const rows = async (): Promise<HTMLElement[]> =>
  within(await screen.findByRole('table', { name: 'Versions' }))
    .getAllByRole('row')
    .slice(1);

it('lists each version with its calls, its times and its coverage', async () => {
  const one = {
    ...models[0]!,
    ...{ service: 'shop', model: 'risk', version: '7', answered: 90, failed: 4, refused: 6 },
    duration: { p50: 0.0214, p95: 1.26, p99: 2 },
  };
  server.on('GET', 'models', modelsOf([one, { ...one, version: '6', lastAt: 1 }]));
  server.on('GET', 'coverage', {
    status: 200,
    body: {
      rows: [{ service: 'shop', model: 'risk', version: '7', guarded: 3, unguarded: { error: 1 }, coverage: 0.75 }],
      ...{ gaps: [], exempted: [], guarded: 3, unguarded: 1, coverage: 0.75 },
    },
  });
  render();
  await waitFor(async () => expect((await rows())[0]).toHaveTextContent('75 %'));
  const [newest, older] = await rows();
  for (const text of ['risk', '7', 'shop', '100', '4 (4 %)', '6 (6 %)', '21 ms', '1.3 s']) {
    expect(newest).toHaveTextContent(text);
  }
  expect(older).toHaveTextContent('6');
});

it('opens what guards a version, with links to the guard-rails and to its verdicts', async () => {
  const { user } = render();
  const { model, service, environment, version } = models[0]!;
  await user.click(await screen.findByRole('button', { name: model }));
  const table = await screen.findByRole('table', { name: 'Guard-rails' });
  const asked = server.requests.find(({ path }) => path === 'models/guardrails');
  expect(asked?.query).toEqual({ service, environment, model, version });
  const link = within(table).getByRole('link', { name: 'redact-personal-data' });
  expect(link).toHaveAttribute('href', expect.stringContaining('/guardrails/redact-personal-data'));
  expect(within(table).getByRole('row', { name: /redact-personal-data/ })).toHaveTextContent(/enforced 1,\d{3}/);
  expect(screen.getByRole('link', { name: 'Its verdicts' })).toHaveAttribute(
    'href',
    expect.stringContaining(`/verdicts?q=${model}`),
  );
  await user.click(screen.getByRole('button', { name: model }));
  await waitFor(() => expect(screen.queryByRole('table', { name: 'Guard-rails' })).not.toBeInTheDocument());
});

it('says so when nothing guards a version', async () => {
  server.on('GET', 'models/guardrails', { status: 200, body: { items: [] } });
  const { user } = render();
  await user.click(await screen.findByRole('button', { name: models[0]!.model }));
  expect(await screen.findByText('No guard-rail looks at it')).toBeInTheDocument();
});

it('keeps its search in the address, and takes it back', async () => {
  const { model } = models[0]!;
  const { user } = render(`models?q=${model}`);
  expect(await rows()).toHaveLength(models.filter((one) => one.model.includes(model)).length);
  await user.type(screen.getByLabelText('Search'), 'x-no-such');
  await user.click(await screen.findByRole('button', { name: 'Show all' }));
  expect(await rows()).toHaveLength(models.length);
});

it('says what to do while no call was received', async () => {
  server.on('GET', 'models', modelsOf([]));
  render();
  expect(await screen.findByText('No call of a model was received yet')).toBeInTheDocument();
});

it('names a fault of the evaluator, and keeps what was known', async () => {
  const { client } = render();
  await rows();
  server.onEverything(problem(500, 'GUARDSPAN_INTERNAL', 'The evaluator failed.'));
  await client.invalidateQueries();
  expect((await screen.findAllByText(/This was known at/)).length).toBeGreaterThan(0);
  expect(await rows()).toHaveLength(models.length);
});

it('names a fault of the evaluator at the start', async () => {
  server.onEverything(problem(500, 'GUARDSPAN_INTERNAL', 'The evaluator failed.'));
  render();
  expect((await screen.findAllByText('Something failed')).length).toBeGreaterThan(0);
});
