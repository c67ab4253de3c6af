import { screen, within } from '@testing-library/react';
import React from 'react';
import type { GuardrailView, Proposal, SeriesEvidence, SeriesState } from '../../api/answers';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import GuardrailPage from './GuardrailPage';

const view = recorded<GuardrailView>('getGuardrail');
const history = recorded<{ items: GuardrailView[] }>('getGuardrailHistory');
const { items: series } = recorded<{ items: SeriesState[] }>('listSeries');
const {
  items: [waiting],
} = recorded<{ items: Proposal[] }>('listProposals');
const path = `guardrails/${view.name}`;
let server: EvaluatorServer;
beforeEach(() => {
  localStorage.clear();
  server = new EvaluatorServer()
    .on('GET', path, { status: 200, body: view })
    .on('GET', `${path}/history`, { status: 200, body: history });
});

const render = (part = '', may: Array<'read' | 'write' | 'approve'> = ['read', 'write', 'approve']) =>
  renderPage(<GuardrailPage />, { route: 'guardrails/:name', at: `${path}${part}`, may });
const propose = (proposal: Partial<Proposal> = {}) =>
  server.on('GET', 'proposals', { status: 200, body: { items: [{ ...waiting!, name: view.name, ...proposal }] } });

describe('what it measures', () => {
  it('leads from a series that fires to what explains it', async () => {
    const firing = { ...series[0]!, guardrail: view.name, state: 'firing' as const, verdictId: 'v-1' };
    server.on('GET', 'series', { status: 200, body: { items: [firing], total: 1 } });
    render();
    const link = await screen.findByRole('link', { name: /firing: why/ });
    expect(link).toHaveAttribute('href', expect.stringContaining('/verdicts/v-1'));
  });

  it('shows evidence of a series against its threshold, and why a promise is not kept', async () => {
    const promise = { status: 'not_guaranteed', reasons: ['bursts'] };
    const tested = { ...series[0]!, signals: {}, evidence: { value: 3.5, threshold: 8.25, promise } };
    server.on('GET', 'series', { status: 200, body: { items: [tested], total: 1 } });
    render();
    expect(await screen.findByText('evidence 3.5 of 8.25 nats')).toBeInTheDocument();
    expect(screen.getByText('not_guaranteed · bursts')).toBeInTheDocument();
  });

  it('shows signals of a threshold with the number that they are compared with', async () => {
    const signals = { p80: { value: 0.5, samples: 40 } };
    server.on('GET', 'series', { status: 200, body: { items: [{ ...series[0]!, signals }], total: 1 } });
    render();
    expect(await screen.findByText(/p80 is 0\.5 over 40 calls; the condition compares it with \d/)).toBeInTheDocument();
  });

  it('shows the evidence of a test with its promise, and what is needed still', async () => {
    const over = { ...(view.guardrail.spec['over'] as object), evidence: { test: {} } };
    const guardrail = { ...view.guardrail, spec: { ...view.guardrail.spec, over } };
    const evidence: Partial<SeriesEvidence> = {
      ...{
        guardrail: view.name,
        series: { model: 'm' },
        state: 'ok',
        test: 'rate',
        mode: 'robust',
        summary: 'Nothing is off.',
      },
      ...{
        needed: 250,
        counters: { calls: 1200, buckets: 20, late: 0 },
        firstOffendingBucket: 0,
        groups: [],
        causes: [],
      },
      evidence: {
        value: 2,
        threshold: 9,
        path: [
          [1, 1],
          [2, 2],
        ],
        crossedAt: 0,
        crossedCalls: 0,
      },
      promise: { status: 'kept', reasons: [], text: 'At most one false alarm in 90 days.' },
    };
    server.on('GET', path, { status: 200, body: { ...view, guardrail } });
    server.on('GET', 'evidence', { status: 200, body: { items: [evidence] } });
    render();
    expect(await screen.findByText(/Evidence 2 of 9 nats over 1,200 calls.*250 more calls/)).toBeInTheDocument();
    expect(screen.getByText('promise kept')).toBeInTheDocument();
  });

  it('says that it differs from its repository, who did that, why, and until when', async () => {
    const breakGlass = { base: 'r', until: 1_795_646_679 };
    server.on('GET', path, {
      status: 200,
      body: { ...view, breakGlass, author: 'grafana:ann', why: 'it is too strict' },
    });
    render();
    expect(await screen.findByText('It differs from its repository')).toBeInTheDocument();
    expect(screen.getByText(/grafana:ann.*it is too strict.*2026-11-25/)).toBeInTheDocument();
  });

  it('says why it can act nowhere', async () => {
    server.on('GET', path, { status: 200, body: { ...view, inert: 'no process can redact' } });
    render();
    expect(await screen.findByText('It can act nowhere')).toBeInTheDocument();
    expect(screen.getByText('no process can redact')).toBeInTheDocument();
  });
});

describe('scopes that wait for a person', () => {
  it('are let through by an approver with a reason', async () => {
    const why = { reason: 'max_scopes', until: 0, onTimeout: '' };
    const pending = [{ verdictId: 'v-9', guardrail: view.name, scope: { model: 'm' }, at: 1, ...why }];
    server.on('GET', 'directives', { status: 200, body: { items: [], pending } });
    server.on('POST', 'directives/v-9/approve', { status: 200, body: { approved: true } });
    const { user } = render();
    expect(await screen.findByText('One scope waits for a person')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Let it act' })).toHaveAttribute('aria-disabled', 'true');
    await user.type(screen.getByLabelText(/Why/), 'it is right');
    await user.click(screen.getByRole('button', { name: 'Let it act' }));
    const sent = server.requests.find(({ method }) => method === 'POST');
    expect(sent).toMatchObject({ access: 'approve', body: { reason: 'it is right' } });
  });
});

describe('its history', () => {
  const older = { ...history.items[0]!, generation: 0, revision: 'older', source: 'a: 1\n', why: 'at first' };
  beforeEach(() => server.on('GET', `${path}/history`, { status: 200, body: { items: [older, ...history.items] } }));

  it('lists revisions with author and why', async () => {
    render('?view=history');
    const table = await screen.findByRole('table', { name: 'History' });
    expect(within(table).getAllByRole('row')).toHaveLength(history.items.length + 2);
    expect(within(table).getByText('at first')).toBeInTheDocument();
  });

  it('shows what a revision changed', async () => {
    const { user } = render('?view=history');
    const [newest] = await screen.findAllByRole('button', { name: 'Compare' });
    await user.click(newest!);
    const diff = screen.getByRole('region', { name: 'What was changed then' });
    expect(within(diff).getByText('a: 1')).toBeInTheDocument();
  });

  it('puts an old revision into the editor, and asks before it replaces an edit that is not saved', async () => {
    const { user } = render('?view=history');
    await user.click(await screen.findByRole('button', { name: 'Restore…' }));
    const text = await screen.findByLabelText('Text of the document');
    expect(text).toHaveValue(older.source);
    await user.click(screen.getByRole('tab', { name: 'History' }));
    await user.click(await screen.findByRole('button', { name: 'Restore…' }));
    expect(await screen.findByText(/Restoring replaces it/)).toBeInTheDocument();
  });

  it('stays when it is deleted, and a revision can be begun from again', async () => {
    server.on('GET', path, problem(404, 'GUARDSPAN_NOT_FOUND', 'There is none.'));
    render();
    expect(await screen.findByText('No guard-rail of this name is in force')).toBeInTheDocument();
    expect((await screen.findAllByRole('button', { name: 'Restore…' })).length).toBeGreaterThan(0);
  });
});

it('leads back to the list when there never was one of this name', async () => {
  for (const missing of [path, `${path}/history`])
    server.on('GET', missing, problem(404, 'GUARDSPAN_NOT_FOUND', 'There is none.'));
  render();
  expect(await screen.findByText('There has never been a guard-rail of this name')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'All guard-rails' })).toHaveAttribute(
    'href',
    expect.stringMatching(/guardrails$/),
  );
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

describe('a change that waits for a second person', () => {
  const approval = `proposals/guardrails/${view.name}/approve`;

  it('is approved by somebody else, and is the one that was read', async () => {
    propose();
    server.on('POST', approval, { status: 200, body: recorded('approveProposal') });
    const { user } = render();
    expect(await screen.findByText(`${waiting!.author} wants to change it`)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Approve' }));
    const sent = server.requests.find(({ path: to }) => to === approval);
    expect(sent).toMatchObject({ access: 'approve', headers: { 'If-Match': `"${waiting!.revision}"` } });
  });

  it('cannot be approved by its author, who is told why', async () => {
    propose();
    server.on('GET', 'session', { status: 200, body: { ...recorded<object>('getSession'), name: waiting!.author } });
    render();
    expect(await screen.findByText('You wrote this change. Somebody else has to approve it.')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Approve' })).toHaveAttribute('aria-disabled', 'true');
  });

  it('says which permission is missing', async () => {
    propose();
    const { user } = render('', ['read', 'write']);
    const button = await screen.findByRole('button', { name: 'Approve' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await user.hover(button);
    expect(await screen.findByText(/guardrails:approve/)).toBeInTheDocument();
  });

  it('shows what the evaluator refuses, and what to do', async () => {
    propose();
    server.on(
      'POST',
      approval,
      problem(403, 'GUARDSPAN_SECOND_PERSON', 'The author of a change cannot approve it.', 'Ask somebody else.'),
    );
    const { user } = render();
    await user.click(await screen.findByRole('button', { name: 'Approve' }));
    expect(await screen.findByText('The author of a change cannot approve it.')).toBeInTheDocument();
    expect(screen.getByText('Ask somebody else.')).toBeInTheDocument();
  });

  it('is rejected with a reason', async () => {
    propose();
    server.on('POST', `proposals/guardrails/${view.name}/reject`, { status: 204, body: undefined });
    const { user } = render();
    const reject = () => screen.findByRole('button', { name: 'Reject' });
    expect(await reject()).toHaveAttribute('aria-disabled', 'true');
    await user.type(screen.getByLabelText('Why it is rejected'), 'too early');
    await user.click(await reject());
    expect(server.requests).toContainEqual(expect.objectContaining({ method: 'POST', body: { reason: 'too early' } }));
  });

  it('cannot be approved when what it changes was changed since', async () => {
    propose({ stale: true });
    render();
    expect(await screen.findByText(/was changed since/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Approve' })).toHaveAttribute('aria-disabled', 'true');
  });

  it('is all there is of a guard-rail that is not in force yet', async () => {
    propose();
    server.on('GET', path, problem(404, 'GUARDSPAN_NOT_FOUND', 'There is none.'));
    render();
    expect(await screen.findByText(`${waiting!.author} wants to change it`)).toBeInTheDocument();
  });
});

it('says how often people agree with it, by mode', async () => {
  server.on('GET', `${path}/precision`, { status: 200, body: recorded('getPrecision') });
  render();
  const section = await screen.findByRole('region', { name: 'Was it right?' });
  const says =
    '2 of 2 verdicts are judged: 1 right, 1 false alarms, 0 unclear. Its precision is 50 % (95 % interval 9.4 % to 90.5 %).';
  expect(await within(section).findByText(says)).toBeInTheDocument();
  expect(within(section).getByRole('row', { name: /^enforce/ })).toHaveTextContent('enforce211050 %');
});

it('says what to do next while it came to no verdict', async () => {
  const none = { verdicts: 0, right: 0, falseAlarm: 0, unclear: 0, precision: null, lower: null, upper: null };
  server.on('GET', `${path}/precision`, { status: 200, body: { since: 0, ...none, modes: [] } });
  render();
  expect(await screen.findByText('It has come to no verdict yet')).toBeInTheDocument();
});
