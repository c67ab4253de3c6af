import { isMainThread } from 'node:worker_threads';

/** Longest time that a flush may hold up the end of the process, in milliseconds. */
const FLUSH_TIMEOUT = 2_000;

function bounded(flush: () => Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_TIMEOUT);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    flush().then(done, done);
  });
}

/**
 * Flushes when the process runs out of work and on SIGTERM, without changing how it ends: a process that would have died of the signal
 * still does, a process with a handler of its own is left to it.
 */
export function flushAtExit(flush: () => Promise<unknown>): void {
  process.once('beforeExit', () => void bounded(flush));
  if (!isMainThread) return;
  const onSignal = (): void => {
    process.removeListener('SIGTERM', onSignal);
    const ours = process.listenerCount('SIGTERM') === 0;
    void bounded(flush).then(() => {
      if (ours) process.kill(process.pid, 'SIGTERM');
    });
  };
  process.on('SIGTERM', onSignal);
}
