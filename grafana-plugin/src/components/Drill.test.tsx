import { DRILL_NAME as RESERVED } from '@guardspan/policy';
import { render, screen } from '@testing-library/react';
import React from 'react';
import { DRILL_NAME } from '../constants';
import { EvaluatorServer, recorded } from '../test/evaluatorServer';
import { renderPage } from '../test/renderPage';
import type { GuardrailView, VerdictDetail } from '../api/answers';
import GuardrailPage from '../pages/Guardrail/GuardrailPage';
import GuardrailsPage from '../pages/Guardrails/GuardrailsPage';
import OverviewPage from '../pages/Overview/OverviewPage';
import VerdictPage from '../pages/Verdict/VerdictPage';
import VerdictsPage from '../pages/Verdicts/VerdictsPage';
import { Drill } from './Drill';

const verdict = { ...recorded<VerdictDetail>('getVerdict'), guardrail: DRILL_NAME };
const guardrail = { ...recorded<GuardrailView>('getGuardrail'), name: DRILL_NAME };
const listed = { status: 200, body: { items: [guardrail], total: 1, next: '' } };

it('knows the name that the language reserves for drills, and no other', () => {
  expect(DRILL_NAME).toBe(RESERVED);
  render(<Drill of="guardspan-drills" />);
  expect(screen.queryByText('drill')).not.toBeInTheDocument();
});

it.each([
  ['Overview', <OverviewPage key="" />, 'overview', 'overview'],
  ['Verdicts', <VerdictsPage key="" />, 'verdicts', 'verdicts'],
  ['Verdict', <VerdictPage key="" />, 'verdicts/:id', `verdicts/${verdict.id}`],
  ['Guard-rails', <GuardrailsPage key="" />, 'guardrails', 'guardrails'],
  ['Guard-rail', <GuardrailPage key="" />, 'guardrails/:name', `guardrails/${DRILL_NAME}`],
])('marks what a drill led to on the page %s', async (_name, page, route, at) => {
  new EvaluatorServer()
    .on('GET', 'verdicts', { status: 200, body: { items: [verdict] } })
    .on('GET', `verdicts/${verdict.id}`, { status: 200, body: verdict })
    .on('GET', 'guardrails', listed)
    .on('GET', `guardrails/${DRILL_NAME}`, { status: 200, body: guardrail });
  renderPage(page, { route, at });
  expect((await screen.findAllByText('drill')).length).toBeGreaterThan(0);
});
