import * as anthropic from '@anthropic-ai/sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import * as google from '@google/genai';
import { flushGuard, instrument, startGuard, status } from '@guardspan/instrumentation';
import * as mistral from '@mistralai/mistralai';
import * as cohere from 'cohere-ai';
import * as ollama from 'ollama';
import * as openai from 'openai';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENTS } from '../clients/all.js';

/** An application that no loader hook sees (a bundle): it names its clients itself, and makes each kind of call once. Settings are in the environment. */
const MODULES = {
  openai,
  '@anthropic-ai/sdk': anthropic,
  '@google/genai': google,
  '@mistralai/mistralai': mistral,
  ollama,
  'cohere-ai': cohere,
  '@aws-sdk/client-bedrock-runtime': bedrock,
} as const;
/** What only shows that an application leaves or loses a call; and what is not guarded. */
const COMPLETE = /^(?!.*(?:break|abort|nobody|timeout|HTTP 500|cut|malformed|raw|asResponse))/;

const urls = JSON.parse(process.env['CONFORMANCE_URLS'] ?? '{}') as { [client: string]: string };
const refused: string[] = [];
startGuard();
for (const [name, module] of Object.entries(MODULES)) {
  if (!instrument(name as keyof typeof MODULES, module)) refused.push(name);
}
for (let waited = 0; status().freshness !== 'live' || status().guardrails === 0; waited += 20) {
  if (waited > 20_000) throw new Error('the guard-rails did not come into force within 20 s');
  await sleep(20);
}
let calls = 0;
const failed: string[] = [];
const clients: string[] = [];
for (const client of CLIENTS) {
  const module = MODULES[client.module as keyof typeof MODULES] as unknown;
  const url = urls[client.name];
  if (module === undefined || url === undefined) continue;
  clients.push(client.name);
  for (const [index, usage] of client.usages.entries()) {
    if (!COMPLETE.test(usage.name)) continue;
    try {
      await usage.run(client.connect(module, `${url}/bundle/${index}`));
      calls += usage.calls ?? 1;
    } catch (error) {
      if (usage.calls !== 0) failed.push(`${client.name} ${usage.name}: ${String(error)}`);
    }
  }
}
await flushGuard();
const { coverage, gaps } = status();
process.stdout.write(`${JSON.stringify({ clients, refused, failed, calls, coverage, gaps })}\n`, () => process.exit(0));
