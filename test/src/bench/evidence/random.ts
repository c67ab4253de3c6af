import { createRandom } from '../support/random.js';

/** What is drawn with the random numbers of a seed. */
export class Draws {
  /** 0 <= x < 1. */
  readonly uniform: () => number;
  #spare = NaN;

  constructor(seed: number) {
    this.uniform = createRandom(seed);
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
