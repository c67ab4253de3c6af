import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { Verdict } from '../../api/answers';
import { EvaluatorServer, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import VerdictsPage from './VerdictsPage';

const { items } = recorded<{ items: Verdict[] }>('listVerdicts');
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});

const rows = async (): Promise<HTMLElement[]> =>
  within(await screen.findByRole('table', { name: 'Verdicts' }))
    .getAllByRole('row')
    .slice(1);

it('lists verdicts, newest first, each with a link to what explains it', async () => {
  renderPage(<VerdictsPage />, { route: 'verdicts', at: 'verdicts' });
  expect(await rows()).toHaveLength(items.length);
  const link = within((await rows())[0]!).getByRole('link');
  expect(link).toHaveAttribute('href', expect.stringContaining(`/verdicts/${items[0]!.id}`));
});

it('shows what the filter of the URL leaves over', async () => {
  const { guardrail } = items[0]!;
  renderPage(<VerdictsPage />, { route: 'verdicts', at: `verdicts?q=${guardrail}` });
  expect(await rows()).toHaveLength(items.filter((one) => one.guardrail === guardrail).length);
  expect(screen.getByLabelText('Search')).toHaveValue(guardrail);
});

it('says so when a filter leaves nothing over, and takes it back', async () => {
  const { user } = renderPage(<VerdictsPage />, { route: 'verdicts', at: 'verdicts?q=no-such-thing' });
  expect(await screen.findByText('The filter leaves no verdict over')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await rows()).toHaveLength(items.length);
});

it('asks for verdicts that hold when only those are wanted', async () => {
  const { user } = renderPage(<VerdictsPage />, { route: 'verdicts', at: 'verdicts' });
  await rows();
  await user.click(screen.getByLabelText('Hold now'));
  await waitFor(() => expect(server.requests.at(-1)).toMatchObject({ path: 'verdicts', query: { active: true } }));
});

it('says what to expect when there is no verdict', async () => {
  server.on('GET', 'verdicts', { status: 200, body: { items: [] } });
  renderPage(<VerdictsPage />, { route: 'verdicts', at: 'verdicts' });
  expect(await screen.findByText('There is no verdict')).toBeInTheDocument();
});
