import { screen, within } from '@testing-library/react';
import React from 'react';
import type { GuardrailView, SeriesState } from '../../api/answers';
import { EvaluatorServer, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import GuardrailsPage from './GuardrailsPage';
import { asCode, rowsOf } from './rows';

const { items } = recorded<{ items: GuardrailView[] }>('listGuardrails');
const { items: series } = recorded<{ items: SeriesState[] }>('listSeries');
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});

const render = (query = '') => renderPage(<GuardrailsPage />, { route: 'guardrails', at: `guardrails${query}` });
const names = async (): Promise<string[]> => {
  const table = await screen.findByRole('table', { name: 'Guard-rails' });
  return within(table)
    .getAllByRole('link')
    .map(({ textContent }) => textContent ?? '');
};

it('lists every guard-rail by name, with its mode', async () => {
  render();
  expect(await names()).toEqual(items.map(({ name }) => name).sort((a, b) => a.localeCompare(b)));
});

it('says which ones fire', async () => {
  const firing = { ...series[0]!, guardrail: items[0]!.name, state: 'firing' as const };
  server.on('GET', 'series', {
    status: 200,
    body: { items: [firing, { ...firing, series: { model: 'b' } }], total: 2 },
  });
  render('?show=firing');
  expect(await screen.findByText('fires in 2 series')).toBeInTheDocument();
  expect(await names()).toEqual([items[0]!.name]);
});

it('says why one can act nowhere', async () => {
  const [first, ...rest] = items;
  const inert = { ...first!, inert: 'no process has a client that can redact' };
  server.on('GET', 'guardrails', { status: 200, body: { items: [inert, ...rest] } });
  render('?show=inert');
  expect(await screen.findByText('can act nowhere')).toBeInTheDocument();
  expect(await names()).toEqual([inert.name]);
});

it('finds by a part of the name, and keeps it in the URL', async () => {
  const { user } = render();
  await names();
  await user.type(screen.getByLabelText('Search'), items[1]!.name);
  expect(await names()).toEqual([items[1]!.name]);
});

it('says so when a filter leaves nothing over, and takes it back', async () => {
  const { user } = render('?q=no-such-thing');
  await user.click(await screen.findByRole('button', { name: 'Show all' }));
  expect(await names()).toHaveLength(items.length);
});

it('says how to begin when there is none', async () => {
  server.on('GET', 'guardrails', { status: 200, body: { items: [] } });
  render();
  expect(await screen.findByText('There is no guard-rail')).toBeInTheDocument();
});

it('gives the documents as one file of code', () => {
  const rows = rowsOf(items, []);
  const code = asCode(rows);
  expect(code.split('\n---\n')).toHaveLength(items.length);
  for (const { name } of rows) {
    expect(code).toContain(name);
  }
});
