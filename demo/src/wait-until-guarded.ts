import { status } from '@guardspan/instrumentation';

const POLL_MS = 20;

/**
 * What a readiness probe of a service would ask: are guard-rails in force here? Resolves when they are, or after `seconds`: a service does not stay down
 * because nobody guards it; its first calls are then recorded as not guarded.
 */
export async function waitUntilGuarded(seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (status().revision === '') {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
