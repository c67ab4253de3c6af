import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is neither undefined nor false, and returns it.
 *
 * @param timeout Milliseconds.
 * @throws Error naming what was waited for, with the last answer or failure.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeout;
  let failure: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline)
      throw new Error(`waited ${timeout} ms for ${what}`, failure === undefined ? {} : { cause: failure });
    await sleep(20);
  }
}
