import type { QueryClient } from '@tanstack/react-query';
import { createQueryClient } from '../api/queryClient';

let client: QueryClient | undefined;

/** What is known, for all panels of a page: several ask once. */
export function sharedClient(): QueryClient {
  client ??= createQueryClient();
  return client;
}
