import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop runs: seconds over the mean interval of the monitor, since the last call. */
export function createLoopLag(): { read: () => { p50: number; p99: number }; close: () => void } {
  const resolution = 10;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolution / 1000);
  return {
    read: () => {
      const result = { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)) };
      histogram.reset();
      return result;
    },
    close: () => histogram.disable(),
  };
}
