import type { AppPluginMeta } from '@grafana/data';
import { setDataSourceSrv, type DataSourceSrv } from '@grafana/runtime';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { PLUGIN_ID, type AppSettings } from '../../constants';
import { EvaluatorServer, problem, recorded, type FakeAnswer } from '../../test/evaluatorServer';
import Configuration from './Configuration';

const SETTINGS = `/api/plugins/${PLUGIN_ID}/settings`;
let server: EvaluatorServer;
beforeEach(() => {
  setDataSourceSrv({ getList: () => [], getInstanceSettings: () => undefined } as unknown as DataSourceSrv);
  server = new EvaluatorServer().on('POST', SETTINGS, { status: 200, body: {} });
});

function open(meta: object = {}) {
  const plugin = { meta: { enabled: true, ...meta } as AppPluginMeta<AppSettings> };
  render(<Configuration plugin={plugin as never} query={{}} />);
  return userEvent.setup();
}
const session = (change: object): FakeAnswer => ({
  status: 200,
  body: { ...recorded<object>('getSession'), singleUser: false, onBehalf: true, tokenRole: 'approver', ...change },
});

it('stores URL and token, and then asks the evaluator who we are', async () => {
  server.on('GET', 'session', session({}));
  const user = open();
  await user.type(screen.getByLabelText(/^URL/), 'http://evaluator:7420/');
  await user.type(screen.getByLabelText(/^Token/), 'secret-token');
  await user.click(screen.getByRole('button', { name: 'Save and test' }));
  expect(await screen.findByText(/Connected to evaluator/)).toBeInTheDocument();
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST ${SETTINGS}`, 'GET session']);
  expect(server.requests[0]!.body).toMatchObject({
    enabled: true,
    jsonData: { apiUrl: 'http://evaluator:7420' },
    secureJsonData: { apiToken: 'secret-token' },
  });
});

it('keeps the data source of traces that was chosen before', async () => {
  server.on('GET', 'session', session({}));
  const user = open({ jsonData: { apiUrl: 'http://evaluator:7420', tracesUid: 'tempo' } });
  await user.click(screen.getByRole('button', { name: 'Save and test' }));
  expect(await screen.findByText(/Connected to evaluator/)).toBeInTheDocument();
  expect(server.requests[0]!.body).toMatchObject({ jsonData: { tracesUid: 'tempo' } });
});

it('never lets the browser submit the form itself, and leaves a token that Grafana holds', async () => {
  server.on('GET', 'session', session({}));
  open({ jsonData: { apiUrl: 'http://evaluator:7420' }, secureJsonFields: { apiToken: true } });
  const form = screen.getByRole('button', { name: 'Save and test' }).closest('form')!;
  expect(form.querySelectorAll('[name]')).toHaveLength(0);
  // False: the default of the browser was prevented.
  expect(fireEvent.submit(form)).toBe(false);
  expect(await screen.findByText(/Connected to evaluator/)).toBeInTheDocument();
  expect(server.requests[0]!.body).not.toHaveProperty('secureJsonData');
});

it.each<[string, FakeAnswer, RegExp]>([
  ['an evaluator that is down', { status: 502, body: { message: 'Bad Gateway' } }, /cannot be reached/],
  [
    'a wrong token',
    problem(401, 'GUARDSPAN_UNAUTHORIZED', 'A valid bearer token is needed.'),
    /does not know the token/,
  ],
  ['something else at the URL', { status: 200, body: '<html>' }, /not one of this API/],
  ['another version', session({ version: '9.1.0' }), /has version 9.1.0; this app is made for 0.1/],
  ['a token that does not speak for users', session({ onBehalf: false }), /does not speak for users/],
  ['a token that only reads', session({ tokenRole: 'viewer' }), /nobody can change anything/],
  ['an evaluator without tokens', session({ singleUser: true }), /for a single user/],
])('names %s', async (_, answer, text) => {
  server.on('GET', 'session', answer);
  const user = open({ jsonData: { apiUrl: 'http://evaluator:7420' } });
  await user.click(screen.getByRole('button', { name: 'Test what is saved' }));
  expect(await screen.findByText(text)).toBeInTheDocument();
});

it('takes only the URL of a server', async () => {
  const user = open();
  await user.type(screen.getByLabelText(/^URL/), 'evaluator');
  expect(screen.getByRole('button', { name: 'Save and test' })).toBeDisabled();
  expect(screen.getByText(/Enter a URL like/)).toBeInTheDocument();
});
