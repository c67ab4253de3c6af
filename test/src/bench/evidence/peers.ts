import type { Bucket } from './scenarios.js';

/** Watches one stream. True as soon as it alarms. `p0` is the declared or estimated rate; gaps have none. */
export type Watch = (bucket: Bucket) => boolean;

/** The statistic that peers look at: a rate, or the difference of two rates. */
function statistic({ s, n, sa, na }: Bucket): number {
  if (n === 0) return NaN;
  return na === 0 ? s / n : s / n - sa / na;
}

class Recent {
  readonly buckets: Bucket[] = [];
  constructor(private readonly length: number) {}
  add(bucket: Bucket): boolean {
    this.buckets.push(bucket);
    if (this.buckets.length > this.length) this.buckets.shift();
    return this.buckets.length === this.length;
  }
  sum(): Bucket {
    return this.buckets.reduce((sum, b) => ({ s: sum.s + b.s, n: sum.n + b.n, sa: sum.sa + b.sa, na: sum.na + b.na }), {
      s: 0,
      n: 0,
      sa: 0,
      na: 0,
    });
  }
}

/** The rate of the last ten buckets above 1.5 times the limit, or the ratio of two rates outside of four fifths. */
export function fixedThreshold(p0: number): Watch {
  const recent = new Recent(10);
  return (bucket) => {
    if (!recent.add(bucket)) return false;
    const { s, n, sa, na } = recent.sum();
    if (na === 0) return s / n > 1.5 * p0;
    if (n < 30 || na < 30) return false;
    const ratio = s / n / (sa / na);
    return ratio < 0.8 || ratio > 1.25;
  };
}

/** A bucket beyond mean and three standard deviations of the sixty before it. */
export function meanThreeSigma(twoSided: boolean): Watch {
  const recent: number[] = [];
  return (bucket) => {
    const x = statistic(bucket);
    if (Number.isNaN(x)) return false;
    let alarm = false;
    if (recent.length === 60) {
      const mean = recent.reduce((a, b) => a + b, 0) / 60;
      const sd = Math.sqrt(recent.reduce((a, b) => a + (b - mean) ** 2, 0) / 59);
      alarm = x > mean + 3 * sd || (twoSided && x < mean - 3 * sd);
      recent.shift();
    }
    recent.push(x);
    return alarm;
  };
}

/** z of counts: one rate against p0, or two rates against one another (pooled variance). */
export function zOf({ s, n, sa, na }: Bucket, p0: number): number {
  if (na === 0) return n === 0 ? 0 : (s - n * p0) / Math.sqrt(n * p0 * (1 - p0));
  const p = (s + sa) / (n + na);
  if (n === 0 || p === 0 || p === 1) return 0;
  return (s / n - sa / na) / Math.sqrt(p * (1 - p) * (1 / n + 1 / na));
}

/** The usual test at 5 % on all data so far, repeated at every bucket. */
export function repeatedZ(p0: number, twoSided: boolean): Watch {
  const sum = { s: 0, n: 0, sa: 0, na: 0 };
  return (bucket) => {
    sum.s += bucket.s;
    sum.n += bucket.n;
    sum.sa += bucket.sa;
    sum.na += bucket.na;
    const z = zOf(sum, p0);
    return twoSided ? Math.abs(z) > 1.96 : z > 1.645;
  };
}

/** Page-Hinkley with the defaults of River (delta .005, lambda 50, alpha .9999, 30 values at least), on each outcome; on differences of buckets for gaps. */
export function pageHinkley(): Watch {
  let [count, mean, up, down, least, most] = [0, 0, 0, 0, Infinity, -1];
  const next = (x: number): boolean => {
    count++;
    mean += (x - mean) / count;
    // Sums fade towards 0 while their extremes stay, as in River.
    up = 0.9999 * up + (x - mean) - 0.005;
    down = 0.9999 * down + (x - mean) + 0.005;
    least = Math.min(least, up);
    most = Math.max(most, down);
    return count >= 30 && (up - least > 50 || most - down > 50);
  };
  return (bucket) => {
    if (bucket.na > 0) return next(statistic(bucket));
    // Events are spread evenly over the bucket.
    let [alarm, due] = [false, 0];
    for (let i = 0; i < bucket.n; i++) {
      due += bucket.s;
      const event = due >= bucket.n ? 1 : 0;
      due -= event * bucket.n;
      alarm = next(event) || alarm;
    }
    return alarm;
  };
}

/** A row of the exponential histogram of ADWIN: sums over equally many buckets. */
interface Row {
  total: number;
  weight: number;
  variance: number;
}

/** ADWIN (Bifet and Gavaldà 2007) with the default of River, delta .002, asked at each bucket; trials inside a bucket are one element of their weight. */
export function adwin(): Watch {
  const DELTA = 0.002;
  const PER_LEVEL = 5;
  const MIN_WINDOW = 5;
  const levels: Row[][] = [];
  const merge = (a: Row, b: Row): Row => {
    const weight = a.weight + b.weight;
    const shift = a.total / a.weight - b.total / b.weight;
    return {
      total: a.total + b.total,
      weight,
      variance: a.variance + b.variance + (a.weight * b.weight * shift * shift) / weight,
    };
  };
  return (bucket) => {
    const { n, na } = bucket;
    const x = statistic(bucket);
    if (Number.isNaN(x)) return false;
    const weight = na === 0 ? n : 1;
    let carry: Row | undefined = { total: x * weight, weight, variance: na === 0 ? weight * x * (1 - x) : 0 };
    for (let level = 0; carry !== undefined; level++) {
      const rows: Row[] = (levels[level] ??= []);
      rows.push(carry);
      carry = rows.length > PER_LEVEL ? merge(rows.shift()!, rows.shift()!) : undefined;
    }
    const ordered = levels.toReversed().flat();
    const all = ordered.reduce(merge);
    const v = all.variance / all.weight;
    const deltaPrime = Math.log((2 * Math.log(Math.max(2, all.weight))) / DELTA);
    let head: Row | undefined;
    for (const row of ordered.slice(0, -1)) {
      head = head === undefined ? row : merge(head, row);
      const n0 = head.weight;
      const n1 = all.weight - n0;
      if (n0 < MIN_WINDOW || n1 < MIN_WINDOW) continue;
      const m = 1 / (1 / (n0 - MIN_WINDOW + 1) + 1 / (n1 - MIN_WINDOW + 1));
      const bound = Math.sqrt((2 / m) * v * deltaPrime) + (2 / (3 * m)) * deltaPrime;
      if (Math.abs(head.total / n0 - (all.total - head.total) / n1) > bound) return true;
    }
    return false;
  };
}

/** z of the last ten buckets above a threshold that was set on honest streams of the same kind: what nobody has. */
export function oracleWindow(p0: number, threshold: number, twoSided: boolean): Watch {
  const recent = new Recent(10);
  return (bucket) => recent.add(bucket) && windowScore(recent.sum(), p0, twoSided) > threshold;
}

/** The score that {@link oracleWindow} compares. */
export function windowScore(sum: Bucket, p0: number, twoSided: boolean): number {
  const z = zOf(sum, p0);
  return twoSided ? Math.abs(z) : z;
}

/** Largest score of a stream, for calibration. */
export function largestScore(stream: readonly Bucket[], p0: number, twoSided: boolean): number {
  const recent = new Recent(10);
  let most = -Infinity;
  for (const bucket of stream) if (recent.add(bucket)) most = Math.max(most, windowScore(recent.sum(), p0, twoSided));
  return most;
}
