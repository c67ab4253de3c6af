import { DETECTOR_PACKS, detectText, useVectors } from '@guardspan/policy/runtime';
import { adversarial, examples, prose } from './detect/texts.js';

/**
 * Speed of the detectors over prose in MB/s, and the worst case over texts that were made to be slow: one character and near-matches. Bar: no text takes more than 10 times the time of prose of its length. Times are CPU time of this process, so that other processes
 * hardly count; a text and prose take turns, and the ratio is the median of those turns, because the speed of a shared processor changes from one second to the next.
 * Ratios are of the way without vector instructions, which every machine has; `vectors` says how much faster prose and the slowest text are with them: prose gains most.
 */
const LENGTHS = [4_096, 65_536];
const ROUNDS = 9;
/** Rounds at most of a text that still looks slow: an engine that was just made to compile something anew needs its time, and what is slow stays so. */
const MOST_ROUNDS = 40;
/** Rounds of a text before it is timed: the engine compiles what runs often while it runs. */
const WARM_UP = 8;
const BAR = 10;
const LOOKS_SLOW = 0.8 * BAR;
const OPTIONS = { entities: [], minScore: 0.5 };

/** CPU microseconds for one text, in one round. */
function time(pack: string, text: string): number {
  const repeat = Math.max(1, Math.ceil(200_000 / text.length));
  const before = process.cpuUsage();
  for (let index = 0; index < repeat; index++) detectText(pack, text, OPTIONS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repeat;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Least time of prose, and how much longer a text takes. */
function beside(pack: string, plain: string, text: string): { base: number; ratio: number } {
  let base = Infinity;
  const ratios: number[] = [];
  for (let round = 0; round < WARM_UP; round++) time(pack, text);
  while (ratios.length < ROUNDS || (ratios.length < MOST_ROUNDS && median(ratios) > LOOKS_SLOW)) {
    const prose = time(pack, plain);
    base = Math.min(base, prose);
    ratios.push(time(pack, text) / prose);
  }
  return { base, ratio: median(ratios) };
}

const textsOf = (pack: string, length: number) => ({
  ...adversarial(length),
  ...examples(DETECTOR_PACKS[pack]!, length),
});

function judge(pack: string, length: number) {
  const texts = textsOf(pack, length);
  for (const text of Object.values(texts)) detectText(pack, text, OPTIONS);
  const plain = prose(length);
  for (let round = 0; round < ROUNDS; round++) time(pack, plain);
  let base = Infinity;
  const ratios = Object.entries(texts)
    .map(([name, text]) => {
      const judged = beside(pack, plain, text);
      base = Math.min(base, judged.base);
      return { name, ratio: Math.round(judged.ratio * 100) / 100 };
    })
    .sort((a, b) => b.ratio - a.ratio);
  return {
    pack,
    detectors: DETECTOR_PACKS[pack]!.length,
    length,
    prose_us: Math.round(base * 10) / 10,
    prose_mb_per_s: Math.round((length / base) * 10) / 10,
    worst: ratios.slice(0, 5),
  };
}

/** Least CPU microseconds of a text, when it is warm. */
function leastTime(pack: string, text: string): number {
  return Math.min(...Array.from({ length: WARM_UP + ROUNDS }, () => time(pack, text)));
}

/** Prose and the slowest text with vector instructions. */
function withVectors({ pack, length, worst: slowest }: ReturnType<typeof judge>) {
  useVectors(true);
  const name = slowest[0]!.name;
  const prose_us = leastTime(pack, prose(length));
  const slowest_us = leastTime(pack, new Map(Object.entries(textsOf(pack, length))).get(name)!);
  return {
    pack,
    length,
    prose_us: Math.round(prose_us * 10) / 10,
    slowest: name,
    slowest_us: Math.round(slowest_us * 10) / 10,
  };
}

useVectors(false);
const results = ['pii', 'secrets', 'all'].flatMap((pack) => LENGTHS.map((length) => judge(pack, length)));
const worst = Math.max(...results.map((result) => result.worst[0]!.ratio));
const vectors = results.map(withVectors);
const report = { results, worst_ratio: worst, bar: BAR, vectors, passed: worst <= BAR };
if (!process.argv.includes('--json')) {
  for (const { pack, length, prose_us, prose_mb_per_s, worst: slowest } of results) {
    const names = slowest.map(({ name, ratio }) => `${name} ${ratio}x`).join(', ');
    process.stdout.write(`${pack} ${length}: prose ${prose_us} µs (${prose_mb_per_s} MB/s); slowest ${names}\n`);
  }
  for (const { pack, length, prose_us, slowest, slowest_us } of vectors)
    process.stdout.write(`${pack} ${length} with vectors: prose ${prose_us} µs; ${slowest} ${slowest_us} µs\n`);
}
process.stdout.write(`${JSON.stringify(report)}\n`);
