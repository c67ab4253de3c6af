import * as anthropic from '@anthropic-ai/sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import * as google from '@google/genai';
import { flushGuard, guardModel, instrument, startGuard, status } from '@guardspan/instrumentation';
import * as langchain from '@langchain/openai';
import * as mistral from '@mistralai/mistralai';
import * as ai from 'ai';
import * as cohere from 'cohere-ai';
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as url from 'node:url';
import * as ollama from 'ollama';
import * as onnxruntime from 'onnxruntime-node';
import * as openai from 'openai';
import * as undici from 'undici';
import { CLIENTS } from '../clients/all.js';
import type { Usage } from '../clients/description.js';

/** An application that no loader hook sees (a bundle): it names its clients itself, and makes each kind of call once. Settings are in the environment. */
const NAMED = {
  openai,
  '@anthropic-ai/sdk': anthropic,
  '@google/genai': google,
  '@mistralai/mistralai': mistral,
  ollama,
  'cohere-ai': cohere,
  '@aws-sdk/client-bedrock-runtime': bedrock,
  undici,
  'onnxruntime-node': onnxruntime,
} as const;
/** What is guarded without being named: where a framework asks, and by the address of a server. */
const MODULES: { readonly [module: string]: unknown } = {
  ...NAMED,
  '@langchain/openai': langchain,
  ai,
  'node:http': http,
  // The description of `fetch` loads a module that it does not need.
  'node:url': url,
};
/** What only shows that an application leaves or loses a call; and what is not guarded. */
const COMPLETE = /^(?!.*(?:break|abort|nobody|timeout|HTTP 500|cut|malformed|raw|asResponse))/;

/** Models inside of the process, by the name under which they are counted here. */
const IN_PROCESS: { readonly [client: string]: readonly Usage<unknown>[] } = {
  onnxruntime: [
    {
      name: 'run',
      run: async () => {
        const model = Buffer.from(process.env['CONFORMANCE_ONNX'] ?? '', 'base64');
        const session = await onnxruntime.InferenceSession.create(new Uint8Array(model));
        return session.run({ x: new onnxruntime.Tensor('float32', Float32Array.of(1, 2), [1, 2]) });
      },
    },
  ],
  guardModel: [
    {
      name: 'a function that answers at once',
      run: () => Promise.resolve(guardModel((age: number) => age > 40, { name: 'now', version: '1' })(41)),
    },
    {
      name: 'a function that answers later',
      run: () => guardModel((age: number) => Promise.resolve(age > 40), { name: 'later', version: '1' })(41),
    },
  ],
};

const urls = JSON.parse(process.env['CONFORMANCE_URLS'] ?? '{}') as { [client: string]: string };
const refused: string[] = [];
startGuard();
for (const [name, module] of Object.entries(NAMED)) {
  if (!instrument(name as keyof typeof NAMED, module)) refused.push(name);
}
for (let waited = 0; status().freshness !== 'live' || status().guardrails === 0; waited += 20) {
  if (waited > 20_000) throw new Error('the guard-rails did not come into force within 20 s');
  await sleep(20);
}
/** Calls of models that each client made; streamed ones among them. */
const calls: { [client: string]: number } = {};
const streamed: { [client: string]: string[] } = {};
const failed: string[] = [];

async function use(
  client: string,
  usages: readonly Usage<unknown>[],
  connect: (index: number) => unknown,
): Promise<void> {
  const [made, streams]: [number, string[]] = [0, []];
  calls[client] = made;
  streamed[client] = streams;
  for (const [index, usage] of usages.entries()) {
    if (!COMPLETE.test(usage.name) || (usage.unguarded ?? 0) > 0) continue;
    const before = status().coverage;
    try {
      await usage.run(connect(index));
    } catch (error) {
      if (usage.calls !== 0) failed.push(`${client} ${usage.name}: ${String(error)}`);
    }
    const expected = usage.calls ?? 1;
    const { calls: all, guarded } = status().coverage;
    if (all - before.calls !== expected || guarded - before.guarded !== expected)
      failed.push(
        `${client} ${usage.name}: ${all - before.calls} calls, ${guarded - before.guarded} guarded, not ${expected}`,
      );
    calls[client] += expected;
    if (/stream/i.test(usage.name)) streams.push(usage.name);
  }
}

for (const client of CLIENTS) {
  const module = MODULES[client.module];
  const address = urls[client.name];
  if (module !== undefined && address !== undefined)
    await use(client.name, client.usages, (index) => client.connect(module, `${address}/bundle/${index}`));
}
for (const [client, usages] of Object.entries(IN_PROCESS)) await use(client, usages, () => undefined);
await flushGuard();
const { coverage, gaps } = status();
process.stdout.write(`${JSON.stringify({ calls, streamed, refused, failed, coverage, gaps })}\n`, () =>
  process.exit(0),
);
