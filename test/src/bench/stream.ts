import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as openai from 'openai';
import { instrument, startGuard, status, stopGuard } from '@guardspan/instrumentation';
import { startEvaluator } from './process/evaluator-process.js';
import { quantile } from './process/quantile.js';
import { scriptedFetch } from './stream/provider.js';
import type { Script } from './stream/provider.js';
import { DOCUMENT, prose, SECRETS } from './stream/secrets.js';

/**
 * Streamed enforcement through the patched `openai` client: what of a secret gets out, cut at every place and into letters; what the guard adds to the first
 * token of an answer whose tokens come every 5 ms; how much has to wait; and what a character costs in answers of growing length.
 */
const TOKEN_PAUSE = 5;
const FIRST_TOKEN_RUNS = 60;
const LENGTHS = [4_096, 32_768, 262_144];
const BATCHES = 6;

let script: Script = { pieces: [], pause: 0 };
const options = { apiKey: 'bench', maxRetries: 0, fetch: scriptedFetch(() => script) };
const client = new openai.OpenAI(options);
/** Of the CommonJS copy of the module, which nobody patches: measured in turn with the other, it shares whatever else the machine does. */
const bareClient = new (createRequire(import.meta.url)('openai') as typeof openai).OpenAI(options);

interface Answer {
  text: string;
  /** Seconds from the request to the first text. */
  first: number;
}

async function ask(next: Script, who: openai.OpenAI = client): Promise<Answer> {
  script = next;
  const began = performance.now();
  const answer = { text: '', first: NaN };
  const messages = [{ role: 'user' as const, content: 'x' }];
  for await (const chunk of await who.chat.completions.create({ model: 'm', messages, stream: true })) {
    const text = chunk.choices[0]?.delta.content ?? '';
    if (text !== '' && Number.isNaN(answer.first)) answer.first = (performance.now() - began) / 1000;
    answer.text += text;
  }
  return answer;
}

/** Every way to cut the text in two within the secret and around it, and into letters. */
function chunkings(text: string, from: number, to: number): string[][] {
  const all = [text.split('')];
  for (let at = from - 1; at <= to + 1; at++) all.push([text.slice(0, at), text.slice(at)]);
  for (let size = 2; size <= 9; size++) all.push(text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g'))!);
  return all;
}

/** Characters of the secret that stand in a row in the answer, beyond what chance and common words give. */
function leaked(answer: string, secret: string): number {
  for (let length = secret.length; length >= 4; length--) {
    for (let at = 0; at + length <= secret.length; at++) {
      if (answer.includes(secret.slice(at, at + length))) return length;
    }
  }
  return 0;
}

async function leaks() {
  let count = 0;
  let bytes = 0;
  let different = 0;
  for (const { text, entity, around = ['', ''] } of SECRETS) {
    const before = `It is: ${around[0]}`;
    const after = `${around[1]}, and that is all.`;
    const whole = `${before}${text}${after}`;
    const expected = `${before}<${entity}>${after}`;
    for (const pieces of chunkings(whole, before.length, before.length + text.length)) {
      const answer = await ask({ pieces, pause: 0 });
      count++;
      if (answer.text !== expected) {
        different++;
        bytes += leaked(answer.text, text);
      }
    }
  }
  return { secrets: SECRETS.length, chunkings: count, leaked_bytes: bytes, different_answers: different };
}

async function firstToken(): Promise<number> {
  const pieces = prose(400).split(/(?<= )/);
  const times: number[] = [];
  for (let run = 0; run < FIRST_TOKEN_RUNS; run++)
    times.push((await ask({ pieces: pieces.slice(0, 6), pause: TOKEN_PAUSE })).first);
  return quantile(times, 0.5) * 1000;
}

/** Nanoseconds of a processor for each character of answers of a length. */
interface Cost {
  bare: number;
  guarded: number;
}

/** Both clients in turn; the least of several batches of equally many characters, because other work can only add to it. */
async function perCharacter(length: number): Promise<Cost> {
  const pieces = prose(length).split(/(?<= )/);
  const rounds = LENGTHS[LENGTHS.length - 1]! / length;
  const batch = async (who: openai.OpenAI): Promise<number> => {
    const began = process.cpuUsage();
    for (let round = 0; round < rounds; round++) await ask({ pieces, pause: 0 }, who);
    const { user, system } = process.cpuUsage(began);
    return ((user + system) * 1000) / length / rounds;
  };
  const least: Cost = { bare: Infinity, guarded: Infinity };
  for (let turn = 0; turn < BATCHES; turn++) {
    least.bare = Math.min(least.bare, await batch(bareClient));
    least.guarded = Math.min(least.guarded, await batch(client));
  }
  return least;
}

async function guarded(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (status().guardrails > 0) return;
    await sleep(50);
  }
  throw new Error('the evaluator gave no guard-rail');
}

const directory = mkdtempSync(join(tmpdir(), 'guardspan-bench-stream-'));
writeFileSync(join(directory, 'document.yaml'), DOCUMENT);
const evaluator = startEvaluator({ dataDir: join(directory, 'data'), guardrails: directory });
try {
  const bareFirst = await firstToken();
  startGuard({
    service: 'bench',
    endpoint: await evaluator.url,
    otlpEndpoint: await evaluator.url,
    snapshotDir: 'off',
  });
  if (!instrument('openai', openai)) throw new Error('the client could not be patched');
  await guarded();
  const found = await leaks();
  const first = await firstToken();
  const costs: Cost[] = [];
  for (const length of LENGTHS) costs.push(await perCharacter(length));
  const [shortest, longest] = [costs[0]!, costs[costs.length - 1]!];
  const result = {
    ...found,
    added_first_token_ms: Math.round((first - bareFirst) * 100) / 100,
    token_pause_ms: TOKEN_PAUSE,
    held_bytes_max: status().stream.heldMax,
    added_ns_per_character: Object.fromEntries(
      LENGTHS.map((length, index) => [length, Math.round(costs[index]!.guarded - costs[index]!.bare)]),
    ),
    bare_ns_per_character: Object.fromEntries(LENGTHS.map((length, index) => [length, Math.round(costs[index]!.bare)])),
    cpu_ratio_longest_to_shortest: Math.round((longest.guarded / shortest.guarded) * 100) / 100,
  };
  console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
} finally {
  await stopGuard();
  await evaluator.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
}
