import { screen, within } from '@testing-library/react';
import React from 'react';
import type { GuardrailView, SeriesState } from '../../api/answers';
import { EvaluatorServer, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import GuardrailPage from './GuardrailPage';

const view = recorded<GuardrailView>('getGuardrail');
const history = recorded<{ items: GuardrailView[] }>('getGuardrailHistory');
const { items: series } = recorded<{ items: SeriesState[] }>('listSeries');
const path = `guardrails/${view.name}`;
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer()
    .on('GET', path, { status: 200, body: view })
    .on('GET', `${path}/history`, { status: 200, body: history });
});

const render = () => renderPage(<GuardrailPage />, { route: 'guardrails/:name', at: path });

it('shows the document as it was written', async () => {
  render();
  const document = await screen.findByRole('region', { name: 'Text of the document' });
  expect(document).toHaveTextContent(view.name);
});

it('leads from a series that fires to what explains it', async () => {
  const firing = { ...series[0]!, guardrail: view.name, state: 'firing' as const, verdictId: 'v-1' };
  server.on('GET', 'series', { status: 200, body: { items: [firing], total: 1 } });
  render();
  const link = await screen.findByRole('link', { name: /firing: why/ });
  expect(link).toHaveAttribute('href', expect.stringContaining('/verdicts/v-1'));
});

it('shows evidence against its threshold, and why a promise is not kept', async () => {
  const promise = { status: 'not_guaranteed', reasons: ['bursts'] };
  const tested = { ...series[0]!, signals: {}, evidence: { value: 3.5, threshold: 8.25, promise } };
  server.on('GET', 'series', { status: 200, body: { items: [tested], total: 1 } });
  render();
  expect(await screen.findByText('evidence 3.5 of 8.25 nats')).toBeInTheDocument();
  expect(screen.getByText('not_guaranteed · bursts')).toBeInTheDocument();
});

it('lists its revisions with author and approver', async () => {
  render();
  const table = await screen.findByRole('table', { name: 'History' });
  expect(within(table).getAllByRole('row')).toHaveLength(history.items.length + 1);
  expect(within(table).getAllByText(history.items[0]!.author).length).toBeGreaterThan(0);
});

it('says why it can act nowhere', async () => {
  server.on('GET', path, { status: 200, body: { ...view, inert: 'no process can redact' } });
  render();
  expect(await screen.findByText('It can act nowhere')).toBeInTheDocument();
  expect(screen.getByText('no process can redact')).toBeInTheDocument();
});
