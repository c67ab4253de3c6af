import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { GuardrailView, Proposal, Published } from '../../api/answers';
import { PLUGIN_ID } from '../../constants';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import { PAGE } from './GuardrailTable';
import GuardrailsPage from './GuardrailsPage';

const published = recorded<Published>('putGuardrail');
const view = published.guardrail as GuardrailView;
const git = recorded<{ items: GuardrailView[] }>('listGuardrails').items[0]!;
const named = (name: string): GuardrailView => ({
  ...view,
  name,
  revision: `revision of ${name}`,
  source: view.source.replace('polite', name),
});
let server: EvaluatorServer;
beforeEach(() => {
  const items = [named('alpha'), named('beta'), git];
  server = new EvaluatorServer().on('GET', 'guardrails', { status: 200, body: { items } });
});

const render = (may: Array<'read' | 'write'> = ['read', 'write']) =>
  renderPage(<GuardrailsPage />, { route: 'guardrails', at: 'guardrails', may });
const select = async (user: ReturnType<typeof render>['user'], ...names: string[]) => {
  for (const name of names) {
    await user.click(await screen.findByRole('checkbox', { name: `Select ${name}` }));
  }
};
const changeMode = async (user: ReturnType<typeof render>['user'], label: RegExp, why: string) => {
  await user.click(screen.getByRole('button', { name: 'Change mode' }));
  await user.click(await screen.findByRole('menuitem', { name: label }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Change' })).toHaveAttribute('aria-disabled', 'true');
  await user.type(within(dialog).getByLabelText(/Why/), why);
  await user.click(within(dialog).getByRole('button', { name: 'Change' }));
};
const sent = (method: string) => server.requests.filter((request) => request.method === method);

it('disables several at once, with a reason, and leaves what git owns', async () => {
  server.on('PUT', 'guardrails/alpha', { status: 200, body: published });
  server.on('PUT', 'guardrails/beta', problem(412, 'GUARDSPAN_PRECONDITION', 'beta is at revision x.'));
  const { user } = render();
  await select(user, 'alpha', 'beta', git.name);
  expect(screen.getByText('3 selected')).toBeInTheDocument();
  await changeMode(user, /Disable/, 'they are noisy');
  expect(await screen.findByRole('row', { name: 'alpha done' })).toBeInTheDocument();
  expect(await screen.findByRole('row', { name: /beta failed beta is at revision x/ })).toBeInTheDocument();
  expect(sent('PUT')).toMatchObject([
    {
      ...{ access: 'write', path: 'guardrails/alpha', body: named('alpha').source.replace('mode: warn', 'mode: off') },
      ...{ query: { why: 'they are noisy' }, headers: { 'If-Match': '"revision of alpha"' } },
    },
    { path: 'guardrails/beta' },
  ]);
});

it('says which ones wait for a second person', async () => {
  server.on('PUT', 'guardrails/alpha', { status: 202, body: { ...published, outcome: 'proposed' } });
  const { user } = render();
  await select(user, 'alpha');
  await changeMode(user, /Enable/, 'ready');
  expect(await screen.findByRole('row', { name: 'alpha waits for a second person' })).toBeInTheDocument();
});

it('deletes after a confirmation with a reason', async () => {
  server.on('DELETE', 'guardrails/beta', () => {
    server.on('GET', 'guardrails', { status: 200, body: { items: [named('alpha'), git] } });
    return { status: 204, body: undefined };
  });
  const { user } = render();
  await select(user, 'beta');
  await user.click(screen.getByRole('button', { name: 'Delete…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete one guard-rail' });
  await user.type(within(dialog).getByLabelText(/Why/), 'not used');
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByText('1 selected')).not.toBeInTheDocument());
  expect(screen.getByRole('row', { name: 'beta done' })).toBeInTheDocument();
  expect(sent('DELETE')).toMatchObject([{ query: { why: 'not used' }, headers: { 'If-Match': '"revision of beta"' } }]);
});

it('gives the selection as one file of code', async () => {
  const files: Blob[] = [];
  URL.createObjectURL = (file: Blob) => String(files.push(file));
  URL.revokeObjectURL = () => undefined;
  const { user } = render();
  await select(user, 'alpha', 'beta');
  await user.click(screen.getByRole('button', { name: 'Download' }));
  expect(files[0]!.size).toBe(`${named('alpha').source}---\n${named('beta').source}`.length);
});

it('selects everything that the filter shows, and clears', async () => {
  const { user } = render();
  await user.type(await screen.findByLabelText('Search'), 'a');
  await user.click(await screen.findByRole('checkbox', { name: /Select all 3 that are shown/ }));
  expect(screen.getByText('3 selected')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Clear' }));
  expect(screen.queryByText(/selected/)).not.toBeInTheDocument();
});

it('names the missing permission where a change is not allowed, and shows code all the same', async () => {
  const { user } = render(['read']);
  await select(user, 'alpha');
  for (const name of ['Change mode', 'Delete…']) {
    expect(screen.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
  }
  await user.hover(screen.getByRole('button', { name: 'Delete…' }));
  expect(await screen.findByText(new RegExp(`${PLUGIN_ID}.guardrails:write`))).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Download' })).toBeEnabled();
});

it('shows where changes wait, and new ones that wait to come into force', async () => {
  const [proposal] = recorded<{ items: Proposal[] }>('listProposals').items;
  const items = [
    { ...proposal!, name: 'alpha' },
    { ...proposal!, name: 'unborn' },
  ];
  server.on('GET', 'proposals', { status: 200, body: { items } });
  const { user } = render();
  expect(await screen.findByRole('link', { name: 'unborn' })).toBeInTheDocument();
  await user.click(screen.getByRole('radio', { name: 'Change waits' }));
  expect(await screen.findByText('a change waits')).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole('link', { name: 'beta' })).not.toBeInTheDocument());
});

it('draws a page of many, and finds in all of them', async () => {
  const items = Array.from({ length: 5000 }, (_, index) => named(`g${String(index).padStart(4, '0')}`));
  server.on('GET', 'guardrails', { status: 200, body: { items } });
  const { user } = render();
  expect(await screen.findByText('1 to 25 of 5000')).toBeInTheDocument();
  expect(screen.getAllByRole('row')).toHaveLength(PAGE + 1);
  await user.type(screen.getByLabelText('Search'), 'g4999');
  expect(await screen.findByRole('link', { name: 'g4999' })).toBeInTheDocument();
  expect(screen.getAllByRole('row')).toHaveLength(2);
});
