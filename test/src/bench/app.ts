import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { heapOf, startBrowser } from './app/browser.js';
import type { Browser } from './app/browser.js';
import { ONE_GUARDRAIL, startMany } from './app/many-guardrails.js';
import { startEvaluator } from './process/evaluator-process.js';
import { percentile } from './support/percentile.js';

/**
 * The Grafana app in Chromium on the stand-in for Grafana 13.2: the list of 5,000 guard-rails, how it follows keystrokes, and what a page that follows the live
 * feed keeps (`--minutes N`; 0 leaves the feed out).
 */
const BARS = { first_paint_s: 1.5, keystroke_ms: 50, heap_growth_mb: 20 };
const APP = 'a/guardspan-guardrails-app';
const LOADS = 5;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    guardrails: { type: 'string', default: '5000' },
    minutes: { type: 'string', default: '10' },
  },
});
const hostFolder = process.env['GUARDSPAN_APP_HOST_DIR'];
const chromium = process.env['GUARDSPAN_CHROMIUM'];
if (hostFolder === undefined || chromium === undefined)
  throw new Error('the stand-in or Chromium is not there: run npm run bench -- app, which says why');

const scratch = mkdtempSync(join(tmpdir(), 'guardspan-bench-app-'));
const browser = await startBrowser(hostFolder, chromium);
try {
  const list = await measureList(browser);
  const feed = Number(options.minutes) === 0 ? undefined : await measureFeed(browser, Number(options.minutes));
  const passed =
    list.first_paint_s <= BARS.first_paint_s &&
    list.keystroke_ms.p95 <= BARS.keystroke_ms &&
    (feed === undefined || feed.heap_growth_mb < BARS.heap_growth_mb);
  const result = { guardrails: Number(options.guardrails), ...list, feed, bars: BARS, passed };
  if (!options.json) console.dir(result, { depth: 5 });
  console.log(JSON.stringify(result));
  process.exitCode = passed ? 0 : 1;
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}

/** Median time from navigation to the first row, and from a key to the frame that shows its effect. */
async function measureList(
  browser: Browser,
): Promise<{ first_paint_s: number; contentful_paint_s: number; keystroke_ms: { p50: number; p95: number } }> {
  const guardrails = join(scratch, 'guardrails');
  mkdirSync(guardrails);
  writeFileSync(join(guardrails, 'one.yaml'), ONE_GUARDRAIL);
  const evaluator = startEvaluator({ dataDir: join(scratch, 'data'), guardrails });
  const many = await startMany(await evaluator.url, Number(options.guardrails));
  const args = [join(hostFolder!, 'serve.mjs'), '--json', '--port', '0', '--evaluator', many.url];
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: host.stdout }).once('line', (line) =>
        resolve((JSON.parse(line) as { url: string }).url),
      );
      host.once('exit', () => reject(new Error('the stand-in ended before it served')));
    });
    const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    const paints: number[] = [];
    const contentful: number[] = [];
    // The first load fills the browser's cache of scripts, as it is filled for everybody who uses Grafana.
    for (let load = 0; load <= LOADS; load += 1) {
      await page.goto(`${url}${APP}/guardrails`);
      await page.waitForSelector('tbody tr a', { timeout: 60_000 });
      const row = await page.evaluate<number>('performance.now()');
      const first = await page.evaluate<number>(
        `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`,
      );
      if (load === 0) continue;
      paints.push(row / 1000);
      contentful.push(first / 1000);
    }
    await page.waitForTimeout(2000);
    await page.evaluate(`window.keys = [];
      document.addEventListener('keydown', (event) => {
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => window.keys.push(performance.now() - event.timeStamp);
          channel.port2.postMessage(0);
        });
      }, true)`);
    await page.focus('#guardrails-search');
    for (const word of ['slow-privacy-01', 'model-49', 'credit']) {
      for (const key of word) {
        await page.keyboard.press(key);
        await page.waitForTimeout(120);
      }
      for (let left = word.length; left > 0; left -= 1) {
        await page.keyboard.press('Backspace');
        await page.waitForTimeout(120);
      }
    }
    const keys = (await page.evaluate<number[]>('window.keys')).sort((a, b) => a - b);
    await page.context().close();
    const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
    return {
      first_paint_s: rounded(
        percentile(
          paints.sort((a, b) => a - b),
          0.5,
        ),
        3,
      ),
      contentful_paint_s: rounded(
        percentile(
          contentful.sort((a, b) => a - b),
          0.5,
        ),
        3,
      ),
      keystroke_ms: { p50: rounded(percentile(keys, 0.5), 1), p95: rounded(percentile(keys, 0.95), 1) },
    };
  } finally {
    host.kill('SIGTERM');
    many.close();
    await evaluator.kill('SIGTERM');
  }
}

/** What a page keeps that follows the feed of the demonstration, with five judgements a second besides. */
async function measureFeed(
  browser: Browser,
  minutes: number,
): Promise<{ minutes: number; events: number; heap_start_mb: number; heap_end_mb: number; heap_growth_mb: number }> {
  const file = join(scratch, 'hosts.json');
  const demo = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../../demo/dist/main.js', import.meta.url)), '--direct'],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        GUARDSPAN_APP_HOST: join(hostFolder!, 'e2e', 'start-hosts.mjs'),
        GUARDSPAN_E2E_SETS: '13',
        GUARDSPAN_E2E_FILE: file,
      },
    },
  );
  const gone = new Promise((resolve) => demo.once('exit', resolve));
  try {
    while (!existsSync(file) && demo.exitCode === null) await sleep(200);
    const [{ url }] = (JSON.parse(readFileSync(file, 'utf8')) as { hosts: [{ url: string }] }).hosts;
    const api = `${url}/api/plugin-proxy/guardspan-guardrails-app`;
    // Past the scenario, so that what is measured is a steady state.
    await sleep(40_000);
    const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    await page.goto(`${url}/${APP}/verdicts`);
    await page.waitForSelector('tbody tr a', { timeout: 60_000 });
    await page.waitForTimeout(10_000);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
    const before = await heapOf(session);
    let events = 0;
    const until = Date.now() + minutes * 60_000;
    const { items } = (await (await fetch(`${api}/read/api/v1/verdicts?limit=20`)).json()) as {
      items: { id: string }[];
    };
    while (Date.now() < until) {
      const verdictId = items[events % items.length]!.id;
      const body = JSON.stringify({
        verdictId,
        judgement: events % 2 === 0 ? 'right' : 'false_alarm',
        reason: `judgement ${events}`,
      });
      const answer = await fetch(`${api}/write/api/v1/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (!answer.ok) throw new Error(`a judgement was answered with ${answer.status}: ${await answer.text()}`);
      events += 1;
      await sleep(200);
    }
    const after = await heapOf(session);
    await page.context().close();
    const mb = (bytes: number): number => Number((bytes / 1e6).toFixed(2));
    return {
      ...{ minutes, events, heap_start_mb: mb(before), heap_end_mb: mb(after) },
      heap_growth_mb: mb(after - before),
    };
  } finally {
    demo.kill('SIGTERM');
    await gone;
  }
}
