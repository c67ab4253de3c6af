import { DETECTOR_PACKS } from '@guardspan/policy';
import { prose } from './detect/texts.js';
import type { MakeContender } from './inline/contender.js';
import { guardspan } from './inline/guardspan.js';
import { measure } from './inline/measure.js';
import type { Latency } from './inline/measure.js';
import { opaServer } from './inline/opa-server.js';
import { opaWasm } from './inline/opa-wasm.js';

/**
 * One decision at the request: 20 guard-rails, and a prompt of 4 KB under all detectors. `re2js` is what ships, by the name of old results: built-in detectors
 * run on their own pass over the text, and need no engine of regular expressions. `cel_only` decides without text. Beside them the same policy with the detectors' patterns, in an OPA server and in opa-wasm. Bars are medians on a clean prompt.
 */
const BARS: Record<string, number> = { re2js: 20, cel_only: 8 };
/** Nothing that ships runs on the native engine, so there is nothing to time; its bar of 20 µs is held without it. */
const WITHOUT_RE2 =
  're2: detectors scan a text in a pass of their own and match by expression at single places only; no native engine is used';
const HITS = ' Write to jane@example.com or +1 202-555-0143, pay with 4111 1111 1111 1111, from 10.0.0.1. ';

const contenders: Record<string, MakeContender> = {
  re2js: () => guardspan('re2js', true),
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
  return result !== undefined && 'clean' in result && result.clean.p50_us <= bar;
});
if (!process.argv.includes('--json')) {
  for (const [name, result] of Object.entries(results)) {
    const line =
      'missing' in result ? result.missing : `clean ${result.clean.p50_us} µs, with hits ${result.hits.p50_us} µs`;
    process.stdout.write(`${name}: ${line}\n`);
  }
  process.stdout.write(`${WITHOUT_RE2}\n`);
}
process.stdout.write(
  `${JSON.stringify({ ...results, re2: null, re2_reason: WITHOUT_RE2, detectors: DETECTOR_PACKS['all']!.length, guardrails: 20, bars: BARS, passed })}\n`,
);
