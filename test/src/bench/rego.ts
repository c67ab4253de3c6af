import { opaServer } from './inline/opa-server.js';
import { opaWasm } from './inline/opa-wasm.js';
import { regoInput } from './inline/rego-policy.js';
import { quantile } from './process/quantile.js';

/**
 * What a Rego policy of 20 rules costs a call: on fields of the call and results of detectors, as our guard-rails ask it, and as a policy that is handed the prompt of
 * 4 KiB and matches the detectors' patterns itself. In this process (opa-wasm), and in a real OPA server over a unix socket.
 */
const SECONDS = 3;
const MAX_RUNS = 5_000;
const MIN_RUNS = 20;

type Contender = Exclude<ReturnType<typeof opaWasm> | Awaited<ReturnType<typeof opaServer>>, string>;

interface Latency {
  p50_us: number;
  p99_us: number;
  runs: number;
}

async function measure(contender: Contender, text: string): Promise<Latency> {
  const times: number[] = [];
  const started = performance.now();
  const enough = (): boolean =>
    times.length >= MAX_RUNS || (times.length >= MIN_RUNS && performance.now() - started > SECONDS * 1000);
  for (let warm = 0; warm < MIN_RUNS / 2; warm++) await contender.decide(text);
  while (!enough()) {
    const began = performance.now();
    const answer = contender.decide(text);
    // Awaiting an answer that is there would be a part of the time.
    if (answer instanceof Promise) await answer;
    times.push((performance.now() - began) * 1000);
  }
  const round = (value: number): number => Math.round(value * 10) / 10;
  return { p50_us: round(quantile(times, 0.5)), p99_us: round(quantile(times, 0.99)), runs: times.length };
}

const PROMPT = 'The committee met on Tuesday to discuss the roadmap and the plan. '.repeat(64).slice(0, 4096);
const ROWS = [
  ['opa_wasm_fields', () => opaWasm(false), ''],
  ['opa_server_fields', () => opaServer(false), ''],
  ['opa_wasm_text', () => opaWasm(true), PROMPT],
  ['opa_server_text', () => opaServer(true), PROMPT],
] as const;

const results: { [name: string]: Latency | { missing: string } } = {};
for (const [name, make, text] of ROWS) {
  const contender = await make();
  if (typeof contender === 'string') {
    results[name] = { missing: contender };
    continue;
  }
  results[name] = await measure(contender, text);
  if ('close' in contender) contender.close();
}
if (!process.argv.includes('--json')) {
  for (const [name, result] of Object.entries(results)) {
    const line =
      'missing' in result ? result.missing : `p50 ${result.p50_us} µs, p99 ${result.p99_us} µs (${result.runs})`;
    process.stdout.write(`${name.padEnd(18)} ${line}\n`);
  }
}
const input_bytes = { fields: JSON.stringify(regoInput('')).length, text: JSON.stringify(regoInput(PROMPT)).length };
process.stdout.write(`${JSON.stringify({ ...results, rules: 20, input_bytes })}\n`);
