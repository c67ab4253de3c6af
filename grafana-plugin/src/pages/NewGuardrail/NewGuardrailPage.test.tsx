import { fireEvent, screen, within } from '@testing-library/react';
import { readFileSync } from 'fs';
import { join } from 'path';
import React from 'react';
import { Route, Routes } from 'react-router-dom';
import type { GuardrailView, Published } from '../../api/answers';
import { checkGuardrail, runTests } from '../../documents/check';
import { EvaluatorServer, problem, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import { copyOf, EMPTY, owned, STARTERS } from './beginnings';
import NewGuardrailPage from './NewGuardrailPage';

const published = recorded<Published>('putGuardrail');
const view = published.guardrail as GuardrailView;
let server: EvaluatorServer;
beforeEach(() => {
  localStorage.clear();
  server = new EvaluatorServer().on('GET', 'guardrails/polite', { status: 200, body: view });
});

const render = (search = '', may: Array<'read' | 'write'> = ['read', 'write']) =>
  renderPage(
    <Routes>
      <Route path="/new" element={<NewGuardrailPage />} />
      <Route path="*" element={<p>another page</p>} />
    </Routes>,
    { route: 'guardrails/*', at: `guardrails/new${search}`, may },
  );
const textOf = () => screen.findByLabelText<HTMLTextAreaElement>('Text of the document');
const save = async (user: ReturnType<typeof render>['user']) => {
  await user.click(await screen.findByRole('button', { name: 'Save…' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText(/Why/), 'we need it');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
};

it.each([...STARTERS, { name: 'empty', text: EMPTY }])(
  '$name begins without an error and its tests pass',
  ({ text }) => {
    const { problems, loaded } = checkGuardrail(owned(text), '');
    expect(problems).toEqual([]);
    expect(loaded!.normal.metadata.managedBy).toBe('ui');
    expect(loaded!.normal.spec.mode).toBe('dryrun');
    expect(runTests(loaded!).every(({ passed }) => passed)).toBe(true);
  },
);

it.each(STARTERS)('$name is the starter of the command', ({ name, useCase, text }) => {
  const file = join(__dirname, '../../../../cli/starters', useCase, `${name}.yaml`);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

it('begins with a starter, and saves it as new', async () => {
  server.on('PUT', 'guardrails/slow-model', ({ query }) => ({
    status: query['dryRun'] === true ? 200 : 201,
    body: { ...published, outcome: query['dryRun'] === true ? 'valid' : 'created' },
  }));
  const { user } = render();
  const starters = await screen.findByRole('list', { name: 'Starters' });
  await user.click(within(starters).getByRole('button', { name: 'slow-model' }));
  expect((await textOf()).value).toContain('managedBy: ui');
  await save(user);
  expect(await screen.findByText('another page')).toBeInTheDocument();
  expect(server.requests.filter(({ method }) => method === 'PUT').at(-1)).toMatchObject({
    headers: { 'If-None-Match': '*' },
    query: { why: 'we need it' },
  });
  expect(Object.keys(localStorage)).toEqual([]);
});

it('begins as a copy in dryrun under another name', async () => {
  render('?copy=polite');
  const { value } = await textOf();
  expect(value).toBe(copyOf('polite', view.source));
  expect(value).toContain('name: polite-copy');
  expect(value).toContain('mode: dryrun');
});

it('begins with a text that another page made', async () => {
  render(`?${new URLSearchParams({ text: view.source }).toString()}`);
  expect(await textOf()).toHaveValue(view.source);
});

it('says so when the name is taken, and keeps the text', async () => {
  server.on('PUT', 'guardrails/polite', problem(412, 'GUARDSPAN_PRECONDITION', 'polite is at revision x.'));
  const { user } = render('?copy=polite');
  fireEvent.change(await textOf(), { target: { value: view.source } });
  await save(user);
  expect(await screen.findByText('There is a guard-rail polite already')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Back' }));
  expect(await textOf()).toHaveValue(view.source);
});

it('names the missing permission', async () => {
  render('', ['read']);
  expect(await screen.findByText(/guardrails:write/)).toBeInTheDocument();
});

describe('from a query', () => {
  const at = (query: { [name: string]: string }) => `?${new URLSearchParams(query).toString()}`;
  const expr =
    'histogram_quantile(0.95, sum by (le, model) (rate(guardspan_model_call_duration_seconds_bucket{service="shop", region="eu"}[5m])))';

  it('begins with what it says, and tells what it leaves out', async () => {
    render(at({ expr: `${expr} > 2`, title: 'Slow calls', others: '1' }));
    const { value } = await textOf();
    expect(value).toContain('name: slow-calls');
    expect(value).toContain('when: p95 > 2.0');
    expect(value).toContain('services:\n      - shop');
    expect(screen.getByText(/region="eu": calls have no such field/)).toBeInTheDocument();
    expect(screen.getByText(/one query more/)).toBeInTheDocument();
  });

  it('takes the threshold of the panel', async () => {
    render(at({ expr, threshold: '1.5' }));
    expect((await textOf()).value).toContain('when: p95 > 1.5');
  });

  it('asks for a threshold where there is none, and invents none', async () => {
    const { user } = render(at({ expr }));
    expect(await screen.findByRole('button', { name: 'Open in the editor' })).toBeDisabled();
    expect(screen.queryByLabelText('Text of the document')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText(/Threshold of p95/), '3');
    await user.click(screen.getByRole('button', { name: 'Open in the editor' }));
    expect((await textOf()).value).toContain('when: p95 > 3.0');
  });

  it.each([
    ['rate(http_requests_total[5m]) > 1', /does not count model calls/],
    ['sum(rate(', /no PromQL that can be read/],
    ['guardspan_signal_value > 1', /a guard-rail that is there already/],
    ['avg(rate(guardspan_model_calls_total[5m])) > 1', /nothing like avg/],
    ['sum(rate(guardspan_model_tokens_total[5m])) > 1', /with the label type/],
    ['sum(rate(guardspan_model_calls_total{outcome="refused"}[5m])) > 1', /refused are in no signal/],
    ['sum(rate(guardspan_model_calls_total[99d])) > 1', /A window of "99d"/],
    ['sum(rate(guardspan_model_calls_total[5m])) > up', /compares two measurements/],
    ['guardspan_model_calls_total > 1', /has no counterpart/],
  ])('says why %s cannot be one, and makes nothing', async (text, why) => {
    render(at({ expr: text }));
    expect(await screen.findByText(why)).toBeInTheDocument();
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Begin with a starter' })).toBeInTheDocument();
    expect(screen.queryByLabelText('Text of the document')).not.toBeInTheDocument();
  });
});
