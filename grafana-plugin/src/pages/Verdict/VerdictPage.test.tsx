import { screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import type { Feedback, VerdictDetail } from '../../api/answers';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import { exploreTrace } from './exploreTrace';
import VerdictPage from './VerdictPage';

const verdict = recorded<VerdictDetail>('getVerdict');
const path = `verdicts/${verdict.id}`;
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer().on('GET', path, { status: 200, body: verdict });
});

const render = (options: Parameters<typeof renderPage>[1] = {}) =>
  renderPage(<VerdictPage />, { route: 'verdicts/:id', at: path, ...options });

it('says why: each part of the condition with its value, and the signals', async () => {
  render();
  const condition = await screen.findByRole('table', { name: 'Why' });
  expect(within(condition).getByText('p80 > 0.25')).toBeInTheDocument();
  const signals = screen.getByRole('table', { name: 'Signals' });
  expect(within(signals).getByText('p80')).toBeInTheDocument();
  expect(within(signals).getByText('74')).toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: 'Evidence' })).not.toBeInTheDocument();
});

it('shows the evidence of a test with its effect, its promise and the likeliest causes', async () => {
  server.on('GET', path, { status: 200, body: { ...verdict, trace: [], signals: {} } });
  server.on('GET', `${path}/explanation`, {
    status: 200,
    body: {
      ...{ test: 'rate', mode: 'robust', needed: null, summary: 'The share of errors is above 5 %.' },
      evidence: {
        value: 9.25,
        threshold: 8.5,
        path: [
          [1, 0],
          [2, 9.25],
        ],
        crossedAt: 2,
        crossedCalls: 320,
      },
      promise: { status: 'not_guaranteed', reasons: ['bursts'], text: 'one false alarm in 30 days' },
      counters: { calls: 400, buckets: 4, late: 0 },
      effect: { name: 'share', value: 0.081, lower: 0.062, upper: 0.1, limit: 0.05 },
      firstOffendingBucket: 1,
      groups: [],
      causes: [{ kind: 'feature', field: 'features.region', value: 'north', calls: 99, before: 0.1, after: 0.4 }],
    },
  });
  render();
  expect(await screen.findByText('The share of errors is above 5 %.')).toBeInTheDocument();
  expect(screen.getByText('no guarantee')).toBeInTheDocument();
  expect(screen.getByText('one false alarm in 30 days · bursts')).toBeInTheDocument();
  expect(screen.getByText(/Evidence 9\.25 of 8\.5 nats over 400 calls/)).toBeInTheDocument();
  const causes = screen.getByRole('table', { name: 'Likeliest causes' });
  expect(within(causes).getByText('features.region = north')).toBeInTheDocument();
});

it('shows the directives that hold because of it', async () => {
  const { items } = recorded<{ items: Array<{ verdict: string }> }>('listDirectives');
  server.on('GET', 'directives', { status: 200, body: { items: [{ ...items[0], verdict: verdict.id }], pending: [] } });
  render();
  const table = await screen.findByRole('table', { name: 'Directives' });
  expect(within(table).getByText('1 of 1')).toBeInTheDocument();
});

describe('an action that waits for a person', () => {
  const waiting = { verdictId: verdict.id, guardrail: verdict.guardrail, scope: { model: 'm' }, at: 1 };
  const asked = { ...waiting, reason: 'approval', until: 901, onTimeout: 'cancel' };

  it.each([
    ['Approve', 'approve', { approved: true }],
    ['Reject', 'reject', { rejected: true }],
  ])('is answered by the button "%s" with a reason', async (button, answer, body) => {
    server.on('GET', 'directives', { status: 200, body: { items: [], pending: [asked] } });
    server.on('POST', `directives/${verdict.id}/${answer}`, { status: 200, body });
    const { user } = render();
    expect(await screen.findByText('The action waits for a person')).toBeInTheDocument();
    expect(screen.getByText(/Without an answer the action is not taken/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: button })).toHaveAttribute('aria-disabled', 'true');
    await user.type(screen.getByRole('textbox', { name: /^Why/ }), 'looked at it');
    await user.click(screen.getByRole('button', { name: button }));
    await waitFor(() =>
      expect(server.requests.find(({ method }) => method === 'POST')).toMatchObject({
        access: 'approve',
        path: `directives/${verdict.id}/${answer}`,
        body: { reason: 'looked at it' },
      }),
    );
  });

  it('is not shown for another verdict', async () => {
    const pending = [{ ...asked, verdictId: 'another' }];
    server.on('GET', 'directives', { status: 200, body: { items: [], pending } });
    render();
    await screen.findByRole('table', { name: 'Why' });
    expect(screen.queryByText('The action waits for a person')).not.toBeInTheDocument();
  });
});

it.each([
  ['It is right', 'right'],
  ['False alarm', 'false_alarm'],
  ['Unclear', 'unclear'],
])('takes the judgement "%s" with its reason', async (button, judgement) => {
  server.on('POST', 'feedback', { status: 201, body: { ...recorded<Feedback>('postFeedback'), judgement } });
  const { user } = render();
  expect(await screen.findByRole('button', { name: button })).toHaveAttribute('aria-disabled', 'true');
  await user.type(screen.getByLabelText('Your reason'), 'a test');
  await user.click(screen.getByRole('button', { name: button }));
  await waitFor(() =>
    expect(server.requests.find(({ method }) => method === 'POST')).toMatchObject({
      access: 'write',
      path: 'feedback',
      body: { verdictId: verdict.id, judgement, reason: 'a test' },
    }),
  );
});

it('says who judged it how, and why', async () => {
  const feedback = recorded<Feedback>('postFeedback');
  server.on('GET', `verdicts/${verdict.id}`, { status: 200, body: { ...verdict, feedback: [feedback] } });
  render();
  expect(await screen.findByText(/grafana:editor called it unclear: the table is of 1973/)).toBeInTheDocument();
});

it('keeps what was typed when the evaluator refuses', async () => {
  server.on('POST', 'feedback', problem(503, 'GUARDSPAN_STORE_CLOSED', 'The store did not take it.'));
  const { user } = render();
  await user.type(await screen.findByLabelText('Your reason'), 'a test');
  await user.click(screen.getByRole('button', { name: 'It is right' }));
  expect(await screen.findByText('GUARDSPAN_STORE_CLOSED')).toBeInTheDocument();
  expect(screen.getByLabelText('Your reason')).toHaveValue('a test');
});

it('disables what a reader may not do', async () => {
  render({ may: ['read'] });
  expect(await screen.findByRole('button', { name: 'It is right' })).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByRole('button', { name: 'End its action' })).toHaveAttribute('aria-disabled', 'true');
});

it('says so when there is no such verdict', async () => {
  render({ at: 'verdicts/unknown' });
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

it('opens traces around the time of the verdict', () => {
  const url = new URL(`http://grafana${exploreTrace('tempo', 'abc', 10_000, 20_000)}`);
  const { guardspan } = JSON.parse(url.searchParams.get('panes')!) as {
    guardspan: { datasource: string; queries: Array<{ query: string }>; range: { from: string; to: string } };
  };
  expect(guardspan.datasource).toBe('tempo');
  expect(guardspan.queries[0]!.query).toBe('abc');
  expect(guardspan.range).toEqual({ from: '6400000', to: '23600000' });
});
