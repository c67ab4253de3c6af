import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { FleetInstance, KillSwitch, Session } from '../../api/answers';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import FleetPage from './FleetPage';

const { items: processes } = recorded<{ items: FleetInstance[] }>('listFleet');
const stopped = recorded<KillSwitch>('engageKillSwitch');
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});

const render = (options: Parameters<typeof renderPage>[1] = {}) =>
  renderPage(<FleetPage />, { route: 'fleet', at: 'fleet', ...options });
const fleetOf = (items: unknown[]) => ({ status: 200, body: { items, total: items.length, next: '' } });
const rowsOf = async (name: string): Promise<string[]> =>
  within(await screen.findByRole('table', { name }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent ?? '');
const sent = (method: string) => server.requests.find((request) => request.method === method);

it('shows each process with what it is, holds and can reach', async () => {
  render();
  const rows = await rowsOf('Processes');
  expect(rows).toHaveLength(processes.length);
  const { service, sdk, revision, targets, rewriters = [] } = processes[0]!;
  const row = rows.find((text) => text.includes(service))!;
  for (const text of ['up to date', sdk, revision.slice(0, 12), ...targets, ...rewriters]) {
    expect(row).toContain(text);
  }
  expect(await screen.findByText('All hold what was published last.')).toBeInTheDocument();
});

it('asks for the processes that left, too', async () => {
  server.on('GET', 'fleet', fleetOf([processes[0], { ...processes[1]!, connected: false }]));
  render();
  expect((await rowsOf('Processes')).map((text) => /^(up to date|left)/.exec(text)?.[0])).toEqual([
    'up to date',
    'left',
  ]);
  expect(sent('GET') && server.requests.some(({ path, query }) => path === 'fleet' && query['gone'] === true)).toBe(
    true,
  );
  expect(await screen.findByRole('region', { name: 'Left lately' })).toHaveTextContent('1');
});

it('says which guard-rail changed last, and how long it took to be in force everywhere', async () => {
  const guardrails = recorded<{ items: Array<{ name: string; at: number; author: string }> }>('listGuardrails');
  const [first, ...others] = guardrails.items;
  const at = 2_000_000_000;
  server.on('GET', 'guardrails', { status: 200, body: { ...guardrails, items: [{ ...first!, at }, ...others] } });
  server.on(
    'GET',
    'fleet',
    fleetOf([
      { ...processes[0]!, connectedAt: at - 60, acknowledgedAt: at + 0.04 },
      { ...processes[1]!, connectedAt: at - 60, acknowledgedAt: at + 0.12 },
      // One that came later says nothing about how long it took.
      { ...processes[1]!, incarnation: 'later', connectedAt: at + 30, acknowledgedAt: at + 30 },
    ]),
  );
  render();
  const tile = await screen.findByRole('region', { name: 'Newest change' });
  await waitFor(() => expect(tile).toHaveTextContent(first!.name));
  expect(tile).toHaveTextContent('In force in 2 processes after 0.12 s.');
});

it('does not take the arrival of a deletion for that of the newest change', async () => {
  const guardrails = recorded<{ items: Array<{ name: string; at: number; deleted: boolean }> }>('listGuardrails');
  const [first, ...others] = guardrails.items;
  const at = 2_000_000_000;
  const deleted = { ...first!, name: 'gone', at: at + 300, deleted: true };
  const items = [{ ...first!, at }, deleted, ...others];
  server.on('GET', 'guardrails', { status: 200, body: { ...guardrails, items } });
  server.on('GET', 'fleet', fleetOf([{ ...processes[0]!, connectedAt: at - 60, acknowledgedAt: at + 300.1 }]));
  render();
  const tile = await screen.findByRole('region', { name: 'Newest change' });
  await waitFor(() => expect(tile).toHaveTextContent(first!.name));
  expect(tile).toHaveTextContent('A guard-rail was deleted since');
  expect(tile).not.toHaveTextContent('300');
});

it('names the guard-rails that processes refuse, why, and what their own configuration forbids', async () => {
  const errors = [{ guardrail: 'slow-model', revision: 'r', code: 'UNKNOWN_TARGET', message: 'no target "small"' }];
  const refusing = { ...processes[0]!, errors, forbidden: ['shutdown', 'reroute'] };
  server.on('GET', 'fleet', fleetOf([processes[1], refusing, { ...refusing, incarnation: 'second' }]));
  render();
  expect(await rowsOf('Refused guard-rails')).toEqual([expect.stringContaining('2UNKNOWN_TARGETno target "small"')]);
  const [first] = await rowsOf('Processes');
  expect(first).toContain('refuses');
  expect(first).toContain('shutdown, reroute');
  expect(screen.getByText('2 could not load a guard-rail.')).toBeInTheDocument();
});

it('keeps its filter in the address, and takes it back', async () => {
  server.on('GET', 'fleet', fleetOf([processes[0], { ...processes[1]!, current: false }]));
  const { user } = render({ at: 'fleet?state=behind' });
  expect(await rowsOf('Processes')).toEqual([expect.stringContaining('behind')]);
  await user.type(screen.getByLabelText('Search'), 'no-such-service');
  await user.click(await screen.findByRole('button', { name: 'Show all' }));
  expect(await rowsOf('Processes')).toHaveLength(2);
});

it('shows calls that nobody guards, by service and reason', async () => {
  const row = { service: 'shop', model: 'm', version: '', guarded: 3, unguarded: { raw_http: 1 }, coverage: 0.75 };
  const gap = { service: 'shop', reason: 'raw_http', name: 'api.example', count: 1 };
  server.on('GET', 'coverage', {
    status: 200,
    body: { rows: [row], gaps: [gap], exempted: [], guarded: 3, unguarded: 1, coverage: 0.75 },
  });
  render();
  expect(await rowsOf('Coverage')).toEqual(['shop3HTTP request outside of a client: 175 %']);
  expect(await rowsOf('What is not guarded')).toEqual(['api.exampleshopHTTP request outside of a client1']);
});

it('says what to do while no process is connected', async () => {
  server.on('GET', 'fleet', fleetOf([]));
  render();
  expect(await screen.findByText('No process is connected')).toBeInTheDocument();
  expect(screen.getByText(/GUARDSPAN_ENDPOINT/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Stop enforcement…' })).toBeEnabled();
});

describe('the kill switch', () => {
  it('names what will stop, asks why, and stops it', async () => {
    server.on('POST', 'kill', () => {
      server.on('GET', 'kill', { status: 200, body: { items: [stopped] } });
      return { status: 201, body: stopped };
    });
    const { user } = render();
    await user.click(await screen.findByRole('button', { name: 'Stop enforcement…' }));
    const dialog = await screen.findByRole('dialog');
    // The list below the field draws nothing without a layout; its keys work.
    await user.type(within(dialog).getByRole('combobox', { name: 'Which service' }), 'assistant');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(await within(dialog).findByText('4 guard-rails stop acting')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('slow-model (reroute)');
    expect(dialog).toHaveTextContent('In one connected process');
    const act = () => within(dialog).getByRole('button', { name: 'Stop enforcement of service assistant' });
    expect(act()).toHaveAttribute('aria-disabled', 'true');
    await user.type(within(dialog).getByLabelText(/^Why/), 'false alarms');
    await user.click(act());
    await waitFor(() =>
      expect(sent('POST')).toMatchObject({
        ...{ access: 'approve', path: 'kill' },
        body: { scope: { guardrail: '', model: '', service: 'assistant' }, reason: 'false alarms', expiresIn: 3600 },
      }),
    );
    expect(await screen.findByText('Enforcement is stopped')).toBeInTheDocument();
    expect(await rowsOf('Kill switch')).toEqual([expect.stringContaining('service assistant')]);
  });

  it('stops everything, until somebody releases it', async () => {
    server.on('POST', 'kill', { status: 201, body: stopped });
    const { user } = render();
    await user.click(await screen.findByRole('button', { name: 'Stop enforcement…' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('radio', { name: 'Everything' }));
    await user.click(within(dialog).getByRole('radio', { name: 'Until released' }));
    await user.type(within(dialog).getByLabelText(/^Why/), 'an incident');
    await user.click(within(dialog).getByRole('button', { name: 'Stop enforcement of everything' }));
    await waitFor(() =>
      expect(sent('POST')).toMatchObject({
        body: { scope: { guardrail: '', model: '', service: '' }, reason: 'an incident', expiresIn: 0 },
      }),
    );
  });

  it('says that a stop is in force although it is not on record yet', async () => {
    const hint = 'Do not send it again. Free space: it is recorded by itself then.';
    server.on('POST', 'kill', () => {
      server.on('GET', 'kill', { status: 200, body: { items: [stopped] } });
      return problem(503, 'GUARDSPAN_KILL_UNRECORDED', 'Kill switch k is in force, but is not recorded.', hint);
    });
    const { user } = render();
    await user.click(await screen.findByRole('button', { name: 'Stop enforcement…' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('radio', { name: 'Everything' }));
    await user.type(within(dialog).getByLabelText(/^Why/), 'an incident');
    await user.click(within(dialog).getByRole('button', { name: 'Stop enforcement of everything' }));
    expect(await within(dialog).findByText(hint)).toBeInTheDocument();
    expect(within(dialog).getByLabelText(/^Why/)).toHaveValue('an incident');
    expect(await screen.findByText('Enforcement is stopped')).toBeInTheDocument();
  });

  it('is released with a reason', async () => {
    server.on('GET', 'kill', { status: 200, body: { items: [stopped] } });
    server.on('DELETE', `kill/${stopped.id}`, () => {
      server.on('GET', 'kill', { status: 200, body: { items: [] } });
      return { status: 200, body: recorded('liftKillSwitch') };
    });
    const { user } = render();
    await user.click(await screen.findByRole('button', { name: 'Release…' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText(/^Why/), 'mended');
    await user.click(within(dialog).getByRole('button', { name: 'Enforce again' }));
    await waitFor(() => expect(sent('DELETE')).toMatchObject({ access: 'approve', query: { reason: 'mended' } }));
    await waitFor(() => expect(screen.queryByText('Enforcement is stopped')).not.toBeInTheDocument());
  });

  it('is released by another approver than the one who stopped', async () => {
    const session = recorded<Session>('getSession');
    const body = { ...session, name: stopped.by, separateApprover: true };
    server.on('GET', 'session', { status: 200, body });
    server.on('GET', 'kill', { status: 200, body: { items: [stopped] } });
    render();
    const release = await screen.findByRole('button', { name: 'Release…' });
    await waitFor(() => expect(release).toHaveAttribute('aria-disabled', 'true'));
  });

  it('says which permission is missing to those who may not use it', async () => {
    server.on('GET', 'kill', { status: 200, body: { items: [stopped] } });
    const { user } = render({ may: ['read', 'write'] });
    const stop = await screen.findByRole('button', { name: 'Stop enforcement…' });
    expect(stop).toHaveAttribute('aria-disabled', 'true');
    await user.hover(stop);
    expect(await screen.findByText(/guardrails:approve/)).toBeInTheDocument();
    expect(await screen.findByRole('button', { name: 'Release…' })).toHaveAttribute('aria-disabled', 'true');
  });
});

it.each([
  [{ status: 502, body: { message: 'Bad Gateway' } }, 'The evaluator cannot be reached'],
  [problem(401, 'GUARDSPAN_UNAUTHORIZED', 'A valid bearer token is needed.'), 'The evaluator does not know the token'],
  [{ status: 200, body: { hello: 'world' } }, 'The answer is not one of this API'],
])('names %o', async (answer, title) => {
  server.onEverything(answer);
  render();
  expect((await screen.findAllByText(title)).length).toBeGreaterThan(0);
});

it('keeps what was known when the evaluator stops to answer, and says how old it is', async () => {
  const { client } = render();
  await rowsOf('Processes');
  server.onEverything({ status: 502, body: { message: 'Bad Gateway' } });
  await client.invalidateQueries();
  expect((await screen.findAllByText(/This was known at/)).length).toBeGreaterThan(0);
  expect(await rowsOf('Processes')).toHaveLength(processes.length);
});
