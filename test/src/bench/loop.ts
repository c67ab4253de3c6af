import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureAlertPath } from './support/alert-path.js';
import { DETECTION_GUARDRAILS, measureDetection } from './support/detection.js';
import { startCollector, startEvaluator, startHelper } from './support/processes.js';
import { measurePropagation, PROPAGATION_GUARDRAIL } from './support/propagation.js';

/** Spans per second beside the measured ones. */
const BACKGROUND = 10_000;
const ALERT_PATH = fileURLToPath(new URL('../../src/bench/alert-path.json', import.meta.url));

/**
 * The closed loop, from the record that crosses a threshold to the directive in the processes. `--json` prints one line of JSON;
 * `--measure-alert-path` measures the same breach through real Prometheus and Alertmanager anew (minutes) and keeps it.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--measure-alert-path')) await measureAlertPath(ALERT_PATH);
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-loop-'));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const evaluator = await startEvaluator({ folder, guardrails: [PROPAGATION_GUARDRAIL, ...DETECTION_GUARDRAILS] });
  try {
    say('detection, without background');
    const detection = await measureDetection(evaluator.url);
    const background = startHelper('background', [evaluator.url, String(BACKGROUND)]);
    const rates: number[] = [];
    background.child.on('message', (value) => rates.push((value as { sent: number }).sent));
    try {
      say(`propagation, ${BACKGROUND} spans/s in the background`);
      const one = await measurePropagation(evaluator.url, evaluator.url, 1, 100);
      const thousand = await measurePropagation(evaluator.url, evaluator.url, 1000, 60);
      const binary = process.env['GUARDSPAN_COLLECTOR_BIN'];
      const collector = binary === undefined ? { missing: 'no Collector was built' } : await throughCollector(binary);
      const steady = rates.slice(2);
      const result = {
        direct: { clients_1: one, clients_1000: thousand },
        collector,
        detection,
        alert_path: existsSync(ALERT_PATH)
          ? (JSON.parse(readFileSync(ALERT_PATH, 'utf8')) as unknown)
          : { missing: 'npm run bench -- loop --measure-alert-path' },
        background_spans_per_s: Math.round(steady.reduce((sum, rate) => sum + rate, 0) / Math.max(1, steady.length)),
      };
      process.stdout.write(`${JSON.stringify(result, null, args.includes('--json') ? 0 : 2)}\n`);
    } finally {
      await background.stop();
    }
  } finally {
    await evaluator.stop();
    rmSync(folder, { recursive: true });
  }

  async function throughCollector(binary: string): Promise<unknown> {
    say('propagation through the Collector, 1,000 connections');
    const collector = await startCollector(binary, evaluator.url);
    try {
      return await measurePropagation(evaluator.url, collector.url, 1000, 60);
    } finally {
      await collector.stop();
    }
  }
}

await main(process.argv.slice(2));
