import { CoreApp } from '@grafana/data';
import { setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { EvaluatorServer } from '../../test/evaluatorServer';
import type { GuardrailsDataSource } from '../GuardrailsDataSource';
import type { GuardrailsQuery, VariableQuery } from '../query';
import ConfigEditor from './ConfigEditor';
import QueryEditor from './QueryEditor';
import VariableEditor from './VariableEditor';

const source = {} as GuardrailsDataSource;
let latest: unknown;
beforeEach(() => {
  new EvaluatorServer();
  setTemplateSrv({
    getVariables: () => [{ name: 'service' }],
    replace: (text: string) => text,
  } as unknown as TemplateSrv);
});

function Edited(props: { app?: CoreApp; annotation?: object; topic?: GuardrailsQuery['topic'] }) {
  const [query, setQuery] = useState<GuardrailsQuery>({ refId: 'A', topic: props.topic ?? 'verdicts' });
  const onChange = (changed: GuardrailsQuery) => {
    latest = changed;
    setQuery(changed);
  };
  return <QueryEditor datasource={source} query={query} onChange={onChange} onRunQuery={() => undefined} {...props} />;
}

it('offers every topic, and the conditions that narrow it', async () => {
  const user = userEvent.setup();
  render(<Edited />);
  expect(screen.getByLabelText('Owner')).toBeInTheDocument();
  await user.click(screen.getByLabelText('Show'));
  expect(await screen.findAllByRole('option')).toHaveLength(9);
  await user.click(screen.getByRole('option', { name: /Coverage gaps/ }));
  expect(latest).toMatchObject({ topic: 'gaps' });
  expect(screen.queryByLabelText('Owner')).not.toBeInTheDocument();
  expect(screen.getByLabelText('Service')).toBeInTheDocument();
});

it('offers variables of the dashboard and the names that are there', async () => {
  const user = userEvent.setup();
  render(<Edited />);
  await user.click(screen.getByLabelText('Service'));
  expect(await screen.findByRole('option', { name: '$service' })).toBeInTheDocument();
  await user.click(await screen.findByRole('option', { name: 'assistant' }));
  expect(latest).toMatchObject({ service: 'assistant' });
});

it('narrows verdicts to those that hold now', async () => {
  render(<Edited />);
  await userEvent.setup().click(screen.getByLabelText('Only those that hold now'));
  expect(latest).toMatchObject({ topic: 'verdicts', active: true });
});

it('offers what makes marks where annotations are edited', async () => {
  render(<Edited annotation={{}} />);
  await userEvent.setup().click(screen.getByLabelText('Show'));
  expect(await screen.findAllByRole('option')).toHaveLength(2);
});

it.each([CoreApp.CloudAlerting, CoreApp.UnifiedAlerting])('says in %s that it cannot serve alert rules', (app) => {
  render(<Edited app={app} />);
  expect(screen.getByText('Not for alert rules, public dashboards and reports')).toBeInTheDocument();
  expect(screen.getByText(/guardspan_guardrail_firing/)).toBeInTheDocument();
});

it('says so in its settings too, and where the connection is configured', () => {
  render(<ConfigEditor options={{} as never} onOptionsChange={() => undefined} />);
  expect(screen.getByText('Not for alert rules, public dashboards and reports')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Configuration of the app' })).toHaveAttribute(
    'href',
    '/plugins/guardspan-guardrails-app',
  );
});

it('lets a variable take names, narrowed by other variables', async () => {
  const user = userEvent.setup();
  function Variable() {
    const [query, setQuery] = useState<VariableQuery>({ refId: 'V', values: 'guardrail' });
    const onChange = (changed: VariableQuery) => {
      latest = changed;
      setQuery(changed);
    };
    return <VariableEditor datasource={source} query={query} onChange={onChange} onRunQuery={() => undefined} />;
  }
  render(<Variable />);
  await user.click(screen.getByLabelText('Names of'));
  await user.click(await screen.findByRole('option', { name: 'Models' }));
  await user.click(screen.getByLabelText('Service'));
  await user.click(await screen.findByRole('option', { name: '$service' }));
  expect(latest).toEqual({ refId: 'V', values: 'model', service: '$service' });
});
