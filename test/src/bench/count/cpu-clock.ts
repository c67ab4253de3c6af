/** CPU seconds of this process, all threads, spent inside {@link CpuClock.run}; what happens between runs is not counted. */
export class CpuClock {
  seconds = 0;

  run(work: () => void): void {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    this.seconds += (user + system) / 1e6;
  }
}
