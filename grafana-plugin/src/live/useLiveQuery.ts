import {
  keepPreviousData,
  useQuery,
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useLiveStatus } from './LiveProvider';

/** Milliseconds between requests when the event stream does not come through. */
const POLL = 5000;
/** And when it does: events tell of changes, not of counts that grow. */
const REFRESH = 10_000;

/** A query of `queries` that stays current: by events where they come through, by asking again where not. */
export function useLiveQuery<T, K extends QueryKey>(
  options: UseQueryOptions<T, Error, T, K>,
): UseQueryResult<T, Error> {
  const status = useLiveStatus();
  return useQuery({
    ...options,
    placeholderData: keepPreviousData,
    refetchInterval: status === 'live' ? REFRESH : POLL,
  });
}
