import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { main } from './lib/main.mjs';
import { ROOT } from './lib/paths.mjs';
import { curve, label, picture } from './lib/svg-chart.mjs';

/**
 * Draws docs/img/promise-*.svg and writes the table of docs/evidence-benchmark.md from real runs:
 *   npm run --silent bench -- evidence --json > FILE && node scripts/draw-promises.mjs FILE
 */
await main(async () => {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    process.stderr.write(
      'Usage: node scripts/draw-promises.mjs FILE, where FILE is the output of npm run --silent bench -- evidence --json\n',
    );
    return 2;
  }
  await ensureBuilt();
  const bench = (path) => import(join(ROOT, 'test', 'dist', 'bench', 'evidence', path));
  const { createJudge } = await import('@guardspan/evaluator');
  const { Draws } = await bench('random.js');
  const { SCENARIOS, P0 } = await bench('scenarios.js');
  const { fixedThreshold } = await bench('peers.js');
  const run = { createJudge, Draws, P0, fixedThreshold, scenario: SCENARIOS.find(({ name }) => name === 'iid') };
  const result = JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1));
  drawStream(run, false);
  drawStream(run, true);
  drawMethods(result.scenarios);
  await writeTable(result);
  return 0;
});

/** One stream of the benchmark as a threshold on a window sees it, and as evidence sees it. */
function drawStream({ createJudge, Draws, P0, fixedThreshold, scenario }, shifted) {
  const buckets = scenario.stream(new Draws(20), shifted);
  const watch = fixedThreshold(P0);
  const reference = { limit: P0, baseline: null, against: null, tolerance: 0, direction: 'up' };
  const judge = createJudge({
    test: { type: 'rate', of: '', among: 'true', ...reference },
    promise: { falseAlarms: 0.05, per: scenario.buckets, alpha: null },
    mode: 'robust',
    maxSeries: 1,
    explainBy: [],
  });
  const threshold = Math.log(scenario.buckets / 0.05);
  const none = { rows: [], categories: [], units: 0, parts: [] };
  const [rates, evidence, fired] = [[], [], []];
  let [state, crossed] = [judge.initial(), -1];
  buckets.forEach(({ s, n }, k) => {
    const recent = buckets.slice(Math.max(0, k - 9), k + 1);
    rates.push(k < 9 ? NaN : recent.reduce((sum, b) => sum + b.s, 0) / recent.reduce((sum, b) => sum + b.n, 0));
    if (watch({ s, n, sa: 0, na: 0 })) fired.push(k);
    if (crossed < 0) {
      state = judge.step(state, { ...none, rows: [['', '', [n - s, s]]] }, none);
      evidence.push(judge.evidence(state));
      if (evidence.at(-1) >= threshold) crossed = k;
    } else evidence.push(NaN);
  });
  // A window that stays above its threshold is one alarm.
  const starts = fired.filter((k) => !fired.includes(k - 1));
  const early = starts.filter((k) => !shifted || k < scenario.change);
  const area = { x: 70, width: 860, height: 150 };
  const change = shifted ? scenario.change : -1;
  const found = crossed < 0 ? 'never reaches' : `reaches after ${crossed - scenario.change + 1} buckets`;
  const title = shifted ? 'A rate that doubles half way' : 'A rate that respects its limit all the time';
  const body = [
    label(area.x, 28, `Threshold on a window: rate of the last ten buckets, alarm above 1.5 %`, 'head'),
    label(930, 28, `${early.length} false alarms`, 'right'),
    ...curve({
      ...{ area: { ...area, y: 44 }, values: rates, low: 0, high: 0.035, limit: 1.5 * P0, marks: starts, change },
      ticks: [0, 0.01, 0.02, 0.03].map((value) => [value, `${value * 100} %`]),
    }),
    label(area.x, 236, `Evidence on the same calls: alarm at ${threshold.toFixed(1)} nats`, 'head'),
    label(930, 236, crossed < 0 || crossed >= change ? '0 false alarms' : '1 false alarm', 'right'),
    ...curve({
      ...{ area: { ...area, y: 252 }, values: evidence, low: -2, high: 12, limit: threshold, change },
      ticks: [0, 5, 10].map((value) => [value, `${value}`]),
      marks: crossed < 0 ? [] : [crossed],
    }),
    label(area.x, 424, 'bucket 0', 'small'),
    ...(shifted ? [label(area.x + area.width / 2, 424, 'the rate doubles', 'small middle')] : []),
    label(930, 424, `bucket ${scenario.buckets}, 100 calls each`, 'small right'),
  ];
  const description = `${title}. The window alarms falsely ${early.length} times; the evidence ${found} its threshold.`;
  const svg = picture({ width: 960, height: 440, title, description, body });
  writeFileSync(join(ROOT, 'docs', 'img', `promise-${shifted ? 'shift' : 'honest'}.svg`), svg);
}

/** Share of honest streams with a false alarm, method by scenario. */
function drawMethods(rows) {
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))];
  const methods = [...new Set(rows.map(({ method }) => method))];
  const [left, top, wide, high] = [185, 64, 100, 34];
  const body = [label(20, 28, 'Honest streams in which it alarmed, in % (5 is what everybody aims at)', 'head')];
  scenarios.forEach((name, column) => {
    const words = name.replace('unknown-baseline', 'baseline');
    body.push(label(left + (column + 0.5) * wide, top - 10, words, 'small middle'));
  });
  methods.forEach((method, line) => {
    const y = top + line * high;
    body.push(label(left - 10, y + 22, method, 'small right'));
    scenarios.forEach((scenario, column) => {
      const found = rows.find((row) => row.method === method && row.scenario === scenario);
      if (found === undefined) return;
      const x = left + column * wide;
      const look = found.false_alarm_upper95 <= 0.065 ? 'good' : 'bad';
      body.push(`<rect class="${look}" x="${x + 2}" y="${y + 2}" width="${wide - 4}" height="${high - 4}" rx="3"/>`);
      const percent = (found.false_alarm_rate * 100).toFixed(1);
      body.push(label(x + wide / 2, y + 22, percent, 'cell'));
    });
  });
  const width = left + scenarios.length * wide + 20;
  const title = 'False alarms by method and scenario';
  const description = `The table of docs/evidence-benchmark.md as a picture: ${methods.join(', ')} on ${scenarios.join(', ')}.`;
  const svg = picture({ width, height: top + methods.length * high + 16, title, description, body });
  writeFileSync(join(ROOT, 'docs', 'img', 'promise-methods.svg'), svg);
}

/** Replaces the table between the two marks of the page. */
async function writeTable({ scenarios, delay_over_oracle_iid }) {
  const path = join(ROOT, 'docs', 'evidence-benchmark.md');
  const cell = (value) => (value === null ? 'never' : String(value));
  const lines = scenarios.map((row) =>
    [
      ...[row.scenario, row.method, row.delta, row.false_alarm_rate, row.false_alarm_upper95],
      ...[row.detected, row.information_limit, row.median_delay, row.delay_over_limit],
    ].map(cell),
  );
  const head = [
    'scenario',
    'method',
    'shift',
    'false alarms',
    'upper 95 %',
    'detected',
    'at most',
    'median delay',
    'over the limit',
  ];
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const begin = '<!-- table: begin -->';
  const end = '<!-- table: end -->';
  const page = readFileSync(path, 'utf8');
  const before = page.slice(0, page.indexOf(begin) + begin.length);
  const after = page.slice(page.indexOf(end));
  const ratio = `In \`iid\` the median delay of \`guardspan-robust\` is ${delay_over_oracle_iid} times that of \`oracle-window\`.`;
  const text = `${before}\n\n${table}\n\n${ratio}\n\n${after}`;
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
