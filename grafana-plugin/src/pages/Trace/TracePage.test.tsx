import type { DecisionRecord } from '@guardspan/policy/runtime';
import { screen, within } from '@testing-library/react';
import React from 'react';
import type { AuditRecord, Verdict } from '../../api/answers';
import { EvaluatorServer, recorded } from '../../test/evaluatorServer';
import { renderPage } from '../../test/renderPage';
import TracePage from './TracePage';

const [verdict] = recorded<{ items: Verdict[] }>('listVerdicts').items as [Verdict];
const [record] = recorded<{ items: AuditRecord[] }>('queryAudit').items as [AuditRecord];
const traceId = verdict.exampleTraceIds[0]!;
const decision: DecisionRecord = {
  ...{ traceId, spanId: '', callId: '', at: 5, model: 'large-model', modelVersion: '', action: 'reroute' },
  ...{ disposition: 'enforced', directive: '', rerouteTo: 'small-model', redactions: 0 },
  verdicts: [
    {
      ...{
        id: verdict.id,
        guardrail: 'slow-model',
        revision: '',
        mode: 'enforce',
        point: 'windowed',
        code: 'condition',
      },
      ...{
        outcome: 'violation',
        message: 'too slow',
        action: 'reroute',
        disposition: 'enforced',
        trace: [],
        directive: '',
      },
    },
  ],
};
let server: EvaluatorServer;
beforeEach(() => {
  server = new EvaluatorServer();
});
const render = (id: string) => renderPage(<TracePage />, { route: 'traces/:id', at: `traces/${id}` });

it('shows each decision about the trace, and verdicts that it is an example of', async () => {
  const other = { ...record, kind: 'verdict', seq: 8 };
  server.on('GET', 'audit', ({ query }) => ({
    status: 200,
    body: {
      items:
        query['traceId'] === traceId
          ? [other, { ...record, kind: 'decision', seq: 9, actor: 'agent:assistant/1', body: decision }]
          : [],
    },
  }));
  render(traceId);
  const row = (await within(await screen.findByRole('table', { name: 'Decisions' })).findAllByRole('row'))[1]!;
  expect(row).toHaveTextContent('assistant/1large-modelreroute → small-modelenforcedslow-model too slow');
  const verdicts = await screen.findByRole('table', { name: 'Verdicts' });
  expect(within(verdicts).getByRole('link')).toHaveAttribute('href', expect.stringContaining(verdict.id));
});

it('says what it means when nothing is on record', async () => {
  render('none');
  expect(await screen.findByText('There is no decision on record')).toBeInTheDocument();
  expect(await screen.findByText('No verdict has this trace as an example')).toBeInTheDocument();
});
