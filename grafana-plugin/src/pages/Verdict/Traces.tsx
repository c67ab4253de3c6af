import { TextLink } from '@grafana/ui';
import React from 'react';
import type { VerdictDetail } from '../../api/answers';
import { useSettings } from '../../components/App/useSettings';
import { Nothing } from '../../components/Nothing';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { exploreTrace } from './exploreTrace';

/** Calls that led to the verdict, each a link into the traces. */
export function Traces({ verdict }: { verdict: VerdictDetail }) {
  const { tracesUid = '' } = useSettings();
  const { exampleTraceIds, firstAt, lastAt } = verdict;
  return (
    <Section
      title={t('verdict.traces', 'Example calls')}
      description={
        tracesUid === ''
          ? t('verdict.traces-none', 'Choose a data source of traces in Configuration, and each opens in Explore.')
          : t('verdict.traces-hint', 'Each opens in Explore, around the time of the verdict.')
      }
    >
      {exampleTraceIds.length === 0 ? (
        <Nothing message={t('verdict.no-trace', 'No call was kept as an example')}>
          {t(
            'verdict.no-trace-next',
            'Guard-rails that read a protected group keep none, and calls without a trace id cannot be shown.',
          )}
        </Nothing>
      ) : (
        <ul>
          {exampleTraceIds.map((traceId) => (
            <li key={traceId}>
              {tracesUid === '' ? (
                <code>{traceId}</code>
              ) : (
                <TextLink href={exploreTrace(tracesUid, traceId, firstAt, lastAt)}>{traceId}</TextLink>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
