import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { childOf, type Child } from '../scenario/children.js';
import { SCRAPE_INTERVAL } from './start-prometheus.js';

/** Starts the stand-in for Grafana that shows the Grafana app; its dashboards ask the Prometheus, if there is one. Rejects when it does not start. */
export async function startAppHost(
  program: string,
  options: { evaluatorUrl: string; token: string; prometheusUrl: string | undefined },
): Promise<Child & { url: string }> {
  const args = [program, '--json', '--evaluator', options.evaluatorUrl];
  if (options.prometheusUrl !== undefined)
    args.push('--prometheus', options.prometheusUrl, '--scrape-interval', SCRAPE_INTERVAL);
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GUARDSPAN_TOKEN: options.token },
  });
  const running = childOf(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${running.errors()}`)));
  });
  return { ...running, url: (JSON.parse(line) as { url: string }).url };
}
