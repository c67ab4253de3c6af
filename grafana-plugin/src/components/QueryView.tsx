import { Alert, LoadingPlaceholder } from '@grafana/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import React, { type ReactNode } from 'react';
import { t } from '../i18n';
import { Failure } from './Failure';
import { formatClock } from './time';

interface Props<T> {
  query: UseQueryResult<T, Error>;
  /** Shown instead of `children` for an answer that holds nothing; says what to do next. */
  empty?: { when: (data: T) => boolean; view: ReactNode };
  children: (data: T) => ReactNode;
}

/** Shows an answer, or the state that stands for it: loading, failed, old (what is known, and since when), empty. */
export function QueryView<T>({ query, empty, children }: Props<T>) {
  const { data, error, isPending, dataUpdatedAt, refetch } = query;
  if (data === undefined) {
    return isPending && error === null ? (
      <LoadingPlaceholder text={t('query.loading', 'Loading…')} />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
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
