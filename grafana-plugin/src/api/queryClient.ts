import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure';

/** Kinds that may be over in a moment; asking again about anything else gives the same answer. */
const PASSING = new Set(['unreachable', 'busy', 'fault']);

/** The cache of what the evaluator said. What is shown stays shown when a later request fails, and says how old it is. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 1 && error instanceof ApiFailure && PASSING.has(error.kind),
        retryDelay: 1000,
        staleTime: 2000,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
