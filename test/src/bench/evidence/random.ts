/** Random numbers from a seed (sfc32), and what is drawn with them. */
export class Draws {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;
  #spare = NaN;

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ seed;
    this.#b = 0x243f6a88 ^ Math.imul(seed, 7919);
    this.#c = 0xb7e15162 ^ Math.imul(seed, 104729);
    for (let i = 0; i < 20; i++) this.uniform();
  }

  /** 0 <= x < 1. */
  uniform(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return (t >>> 0) / 4294967296;
  }

  /** Events in n trials, by inversion; exact. */
  binomial(n: number, p: number): number {
    if (p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    // Large means are split, so that (1-p)^n does not underflow.
    if (n * p > 300) {
      const half = n >> 1;
      return this.binomial(half, p) + this.binomial(n - half, p);
    }
    const odds = p / (1 - p);
    let density = Math.pow(1 - p, n);
    let rest = this.uniform();
    let s = 0;
    while (rest > density && s < n) {
      rest -= density;
      density *= (odds * (n - s)) / (s + 1);
      s++;
    }
    return s;
  }

  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Gamma with unit scale (Marsaglia and Tsang 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * Math.pow(1 - this.uniform(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }
}
