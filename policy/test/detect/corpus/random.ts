/** Random choices from a seed (mulberry32), so that a corpus is the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  digits(count: number): string {
    let out = '';
    for (let index = 0; index < count; index++) out += String(this.int(0, 9));
    return out;
  }

  /** `#`: any digit, `%`: 1 to 9, `~`: 2 to 9. */
  fill(format: string): string {
    return format.replace(/[#%~]/g, (sign) => String(this.int(sign === '#' ? 0 : sign === '%' ? 1 : 2, 9)));
  }

  letters(count: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string {
    let out = '';
    for (let index = 0; index < count; index++) out += this.pick([...alphabet]);
    return out;
  }
}
