import { DETECTOR_PACKS } from '@guardspan/policy';
import { prose } from './detect/texts.js';
import type { MakeContender } from './inline/contender.js';
import { guardspan, nativeGuardspan } from './inline/guardspan.js';
import { measure } from './inline/measure.js';
import type { Latency } from './inline/measure.js';
import { opaServer } from './inline/opa-server.js';
import { opaWasm } from './inline/opa-wasm.js';

/**
 * One decision at the request: 20 guard-rails, and a prompt of 4 KB under all detectors. `re2js` is what ships, by the name of old results: built-in detectors
 * run on their own pass over the text, and need no engine of regular expressions. `re2` is the same where the native engine of the npm package is installed, which tells clean texts before the detectors look. `cel_only` decides without text. Beside them the same policy with the detectors' patterns, in an OPA server and in opa-wasm. Bars are medians on a clean prompt.
 */
const BARS: Record<string, number> = { re2js: 40, re2: 20, cel_only: 8 };
const HITS = ' Write to jane@example.com or +1 202-555-0143, pay with 4111 1111 1111 1111, from 10.0.0.1. ';

const contenders: Record<string, MakeContender> = {
  re2js: () => guardspan('re2js', true),
  re2: nativeGuardspan,
  cel_only: () => guardspan('cel_only', false),
  opa_wasm: () => opaWasm(),
  opa_server: () => opaServer(),
};

let serial = 0;
/** Flat, as a text that was parsed from JSON is. */
const prompt = (middle: string): (() => string) => {
  const text = prose(4_096 - middle.length);
  return () => Buffer.from(`${text}${middle}${String(++serial % 10)}`).toString('latin1');
};

const results: Record<string, { clean: Latency; hits: Latency } | { missing: string }> = {};
for (const [name, make] of Object.entries(contenders)) {
  const contender = await make();
  if (typeof contender === 'string') {
    results[name] = { missing: contender };
    continue;
  }
  results[name] = { clean: await measure(contender, prompt('')), hits: await measure(contender, prompt(HITS)) };
  await contender.close?.();
}
const passed = Object.entries(BARS).every(([name, bar]) => {
  const result = results[name];
  // The native engine is optional: without it its bar is not asked.
  if (result !== undefined && 'missing' in result) return name === 're2';
  return result !== undefined && result.clean.p50_us <= bar;
});
if (!process.argv.includes('--json')) {
  for (const [name, result] of Object.entries(results)) {
    const line =
      'missing' in result ? result.missing : `clean ${result.clean.p50_us} µs, with hits ${result.hits.p50_us} µs`;
    process.stdout.write(`${name}: ${line}\n`);
  }
}
process.stdout.write(
  `${JSON.stringify({ ...results, detectors: DETECTOR_PACKS['all']!.length, guardrails: 20, bars: BARS, passed })}\n`,
);
