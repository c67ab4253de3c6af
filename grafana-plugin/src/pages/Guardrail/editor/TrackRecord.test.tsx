import { screen } from '@testing-library/react';
import React from 'react';
import { EvaluatorServer, recorded } from '../../../test/evaluatorServer';
import { renderPage } from '../../../test/renderPage';
import { TrackRecord } from './TrackRecord';

const render = (mode: string) =>
  renderPage(<TrackRecord guardrail="equal-admission" windowed mode={mode} percent={100} />);

it('shows the precision of a windowed guard-rail', async () => {
  new EvaluatorServer().on('GET', 'guardrails/equal-admission/precision', {
    status: 200,
    body: recorded('getPrecision'),
  });
  render('warn');
  expect(await screen.findByText(/Its precision is 50 %/)).toBeInTheDocument();
  expect(screen.queryByText(/Judge some of its verdicts/)).not.toBeInTheDocument();
});

it('asks for judgements before it goes further when there is none', async () => {
  const none = { right: 0, falseAlarm: 0, unclear: 0, precision: null, lower: null, upper: null };
  new EvaluatorServer().on('GET', 'guardrails/equal-admission/precision', {
    status: 200,
    body: { since: 1, verdicts: 3, ...none, modes: [] },
  });
  render('dryrun');
  expect(await screen.findByText(/0 of 3 verdicts are judged/)).toBeInTheDocument();
  expect(screen.getByText('Judge some of its verdicts before it goes further.')).toBeInTheDocument();
});
