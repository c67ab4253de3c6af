import { Alert, LoadingPlaceholder } from '@grafana/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import React, { type ReactNode } from 'react';
import { t } from '../i18n';
import { Failure } from './Failure';
import { formatClock } from './time';
import { useLasting } from './useLasting';

/** Milliseconds without an answer after which people are told. */
const SLOW = 5000;

interface Props<T> {
  query: UseQueryResult<T, Error>;
  /** Shown instead of `children` for an answer that holds nothing; says what to do next. */
  empty?: { when: (data: T) => boolean; view: ReactNode };
  children: (data: T) => ReactNode;
}

/** Shows an answer, or the state that stands for it: loading, slow, failed, old (what is known, and since when), empty. */
export function QueryView<T>({ query, empty, children }: Props<T>) {
  const { data, error, isPending, isFetching, dataUpdatedAt, refetch } = query;
  const slow = useLasting(isFetching && error === null, SLOW);
  const next = t(
    'query.slow-next',
    'The page waits, and shows the answer when it comes. Where this lasts, look at the load of the evaluator and at what stands between it and Grafana.',
  );
  if (data === undefined) {
    return isPending && error === null ? (
      <>
        <LoadingPlaceholder text={t('query.loading', 'Loading…')} />
        {slow && (
          <Alert severity="info" title={t('query.slow', 'The evaluator has not answered yet')}>
            {next}
          </Alert>
        )}
      </>
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      {slow && (
        <Alert
          severity="info"
          title={t('query.slow-stale', 'This was known at {{time}}; the evaluator has not answered since', {
            time: formatClock(dataUpdatedAt / 1000),
          })}
        >
          {next}
        </Alert>
      )}
      {error !== null && (
        <Alert
          severity="warning"
          title={t('query.stale', 'This was known at {{time}}; it may be different now', {
            time: formatClock(dataUpdatedAt / 1000),
          })}
        >
          {t('query.stale-next', 'The evaluator did not answer since: {{message}} The page keeps asking.', {
            message: error.message,
          })}
        </Alert>
      )}
      {empty?.when(data) === true ? empty.view : children(data)}
    </>
  );
}
