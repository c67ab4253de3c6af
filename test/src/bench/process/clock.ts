/** Milliseconds on the machine's monotonic clock: the same for every process on it. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
