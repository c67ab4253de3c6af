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
