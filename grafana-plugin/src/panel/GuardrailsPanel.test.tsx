import { LoadingState, getDefaultTimeRange, type PanelProps, type ScopedVars } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';
import type { GuardrailView, Proposal, Published, SeriesState } from '../api/answers';
import type { Access } from '../api/request';
import { actionOf } from '../permissions/may';
import { EvaluatorServer, problem, recorded } from '../test/evaluatorServer';
import GuardrailsPanel from './GuardrailsPanel';
import { DEFAULTS, type PanelOptions } from './options';
import { sharedClient } from './sharedClient';

const slow = recorded<GuardrailView>('getGuardrail');
const published = recorded<Published>('putGuardrail');
const series = recorded<{ items: SeriesState[] }>('listSeries');
/** The document of people, not of git. */
const view = (name: string, change: { metadata?: object; spec?: object } = {}): GuardrailView => ({
  ...slow,
  name,
  source: slow.source.replace('slow-model', name),
  guardrail: {
    ...slow.guardrail,
    metadata: { ...(slow.guardrail as unknown as { metadata: object }).metadata, managedBy: 'ui', ...change.metadata },
    spec: { ...slow.guardrail.spec, ...change.spec },
  } as GuardrailView['guardrail'],
});
let variables: { [name: string]: string | string[] };
let server: EvaluatorServer;
beforeEach(() => {
  variables = {};
  sharedClient().clear();
  sharedClient().setDefaultOptions({ queries: { retry: false } });
  server = new EvaluatorServer();
  server.on('GET', 'guardrails', { status: 200, body: { items: [view('calm'), view('slow-model')] } });
  act(() => locationService.push('/d/abc/checkout'));
  config.publicDashboardAccessToken = undefined;
});

const replace = (text: string, _?: ScopedVars, format?: unknown) =>
  text.replace(/\$(\w+)/g, (whole, name: string) =>
    variables[name] === undefined ? whole : (format as (value: unknown) => string)(variables[name]),
  );
const show = (options: Partial<PanelOptions> = {}, may: readonly Access[] = ['read', 'write', 'approve']) => {
  config.bootData.user.permissions = Object.fromEntries(may.map((access) => [actionOf(access), true]));
  const props = {
    ...{ options: { ...DEFAULTS, ...options }, width: 300, height: 200, replaceVariables: replace },
    data: { series: [], state: LoadingState.Done, timeRange: getDefaultTimeRange() },
  } as unknown as PanelProps<PanelOptions>;
  render(
    <MemoryRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
      <GuardrailsPanel {...props} />
    </MemoryRouter>,
  );
  return userEvent.setup();
};
const rows = async () => within(await screen.findByRole('list', { name: 'Guard-rails' })).findAllByRole('listitem');

it('shows mode, what fires and promises, what fires first', async () => {
  const isTest = { spec: { over: { evidence: {} } } };
  server.on('GET', 'guardrails', {
    status: 200,
    body: {
      items: [view('calm'), view('fair', isTest), view('kept', isTest), view('new', isTest), view('slow-model')],
    },
  });
  const evidence = (guardrail: string, promise: object) => ({
    ...{ ...series.items[0]!, guardrail, state: 'ok', evidence: { value: 1, threshold: 9, promise } },
  });
  server.on('GET', 'series', {
    status: 200,
    body: {
      items: [
        { ...series.items[0]!, guardrail: 'slow-model', state: 'firing' },
        evidence('fair', { status: 'not_guaranteed', reasons: ['calls come in bursts'] }),
        evidence('kept', { status: 'kept', reasons: [] }),
      ],
      ...{ total: 3, next: '' },
    },
  });
  const user = show();
  await screen.findByText('1 firing');
  expect((await rows()).map(({ textContent }) => textContent)).toEqual([
    'slow-modelenforce1 firingno promise',
    'calmenforcequietno promise',
    'fairenforcequietno guarantee',
    'keptenforcequietpromise kept',
    'newenforcequietpromise not known',
  ]);
  await user.hover(screen.getByText('no guarantee'));
  expect(await screen.findByText('calls come in bursts')).toBeInTheDocument();
});

it('leads to each guard-rail in the app', async () => {
  show();
  await rows();
  expect(screen.getByRole('link', { name: 'calm' })).toHaveAttribute(
    'href',
    '/a/guardspan-guardrails-app/guardrails/calm',
  );
});

it('shows those that the variables of the dashboard are about', async () => {
  server.on('GET', 'guardrails', {
    status: 200,
    body: {
      items: [
        view('large', { spec: { match: { models: ['large-*'], services: [] } } }),
        view('small', { spec: { match: { models: ['small'], services: ['shop'] } } }),
        view('any', { spec: { match: { models: [], services: [] } } }),
      ],
    },
  });
  variables = { model: ['large-one', 'other'], service: 'shop' };
  show();
  expect((await rows()).map((row) => within(row).getByRole('link').textContent)).toEqual(['any', 'large']);
});

it('says so when there is none, and where to look', async () => {
  variables = { guardrail: 'no-such' };
  show();
  expect(await screen.findByText('No guard-rail is about this.')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'All guard-rails' })).toBeInTheDocument();
});

it('says that nothing fires when only that is shown', async () => {
  server.on('GET', 'series', { status: 200, body: { items: [], total: 0, next: '' } });
  show({ show: 'firing' });
  expect(await screen.findByText('No guard-rail about this fires now.')).toBeInTheDocument();
});

it('asks for what fires by itself where there are more series than one answer holds', async () => {
  const firing = { ...series.items[0]!, guardrail: 'calm', state: 'firing' };
  server.on('GET', 'series', ({ query }) => ({
    status: 200,
    body: { items: query['firing'] === true ? [firing] : [], total: 5000, next: 'x' },
  }));
  show();
  expect(await screen.findByText('1 firing')).toBeInTheDocument();
});

it('changes a mode in place, with a reason', async () => {
  server.on('PUT', 'guardrails/calm', { status: 200, body: published });
  const user = show();
  await user.click(await screen.findByRole('button', { name: 'Change the mode of calm' }));
  expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual(['off', 'dryrun', 'warn']);
  await user.click(screen.getByRole('menuitem', { name: 'warn' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Change' })).toHaveAttribute('aria-disabled', 'true');
  await user.type(within(dialog).getByLabelText(/Why/), 'too noisy');
  await user.click(within(dialog).getByRole('button', { name: 'Change' }));
  expect(await screen.findByRole('row', { name: 'calm done' })).toBeInTheDocument();
  expect(server.requests.find(({ method }) => method === 'PUT')).toMatchObject({
    ...{ access: 'write', path: 'guardrails/calm', query: { why: 'too noisy' } },
    headers: { 'If-Match': `"${slow.revision}"` },
  });
});

it('says why a mode cannot be changed: the permission, or git', async () => {
  server.on('GET', 'guardrails', {
    status: 200,
    body: { items: [view('calm'), view('theirs', { metadata: { managedBy: 'git' } })] },
  });
  const user = show({}, ['read']);
  await user.hover(await screen.findByRole('button', { name: 'Change the mode of calm' }));
  expect(await screen.findByText(/guardrails:write/)).toBeInTheDocument();
  await user.hover(screen.getByRole('button', { name: 'Change the mode of theirs' }));
  expect(await screen.findByText(/Kept in git/)).toBeInTheDocument();
});

it.each(['/d/abc/checkout?kiosk', '/d-solo/abc/checkout?panelId=2', '/d/abc/checkout?render=1'])(
  'offers no change at %s',
  async (address) => {
    act(() => locationService.push(address));
    show();
    await rows();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  },
);

it('takes the buttons away when kiosk mode begins', async () => {
  show();
  expect(await screen.findByRole('button', { name: 'Change the mode of calm' })).toBeInTheDocument();
  act(() => locationService.push('/d/abc/checkout?kiosk=1'));
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('asks for nothing in public dashboards', async () => {
  config.publicDashboardAccessToken = 'abc';
  show();
  expect(await screen.findByText(/shown to people who are signed in/)).toBeInTheDocument();
  expect(server.requests).toEqual([]);
});

it('names the permission that is missing', async () => {
  show({}, []);
  expect(await screen.findByText('You may not see guard-rails')).toBeInTheDocument();
  expect(screen.getByText(/guardrails:read/)).toBeInTheDocument();
});

it('says what is wrong when the evaluator fails, and asks again', async () => {
  server.on('GET', 'guardrails', problem(500, 'GUARDSPAN_INTERNAL', 'The store is gone.'));
  const user = show();
  expect(await screen.findByText('The store is gone.')).toBeInTheDocument();
  server.on('GET', 'guardrails', { status: 200, body: { items: [view('calm')] } });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await rows()).toHaveLength(1);
});

it('tells where a change waits', async () => {
  const [proposal] = recorded<{ items: Proposal[] }>('listProposals').items;
  server.on('GET', 'proposals', { status: 200, body: { items: [{ ...proposal!, name: 'calm' }] } });
  show();
  expect(await screen.findByText('a change waits')).toBeInTheDocument();
});
