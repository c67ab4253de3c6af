import { isMainThread } from 'node:worker_threads';

/** Longest time that a flush may hold up the end of the process, in milliseconds. */
const FLUSH_TIMEOUT = 2_000;

function bounded(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_TIMEOUT);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}

/** Signals that end a process: of an orchestrator, and of pm2 and a terminal. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What is done at the end of a process. */
export interface LastWork {
  /** Sends what waits. What runs afterwards works on. */
  flush(): Promise<unknown>;
  /** Waits for what is under way, where a signal ends the process and nothing else would. */
  end(): Promise<unknown>;
  /** How many calls were made so far: the process is held up again only when there were more since the last flush. */
  calls(): number;
}

/**
 * Flushes when the process runs out of work and on SIGTERM and SIGINT, without changing how it ends: a process that would have died of the signal
 * still does, at the second one at once; a process with a handler of its own is left to it, and nothing is closed: after the signal a service answers
 * what it was asked before, and what listens to `beforeExit` may work on.
 */
export function flushAtExit({ flush, end, calls }: LastWork): void {
  let flushed = -1;
  process.on('beforeExit', () => {
    const made = calls();
    if (made === flushed) return;
    flushed = made;
    void bounded(flush());
  });
  if (!isMainThread) return;
  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      process.removeListener(signal, onSignal);
      const ours = process.listenerCount(signal) === 0;
      if (!ours) return void bounded(flush());
      void bounded(flush().then(end)).then(() => process.kill(process.pid, signal));
    };
    process.on(signal, onSignal);
  }
}
