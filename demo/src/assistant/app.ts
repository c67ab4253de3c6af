import { declareTarget, guardReady, withCallAttributes } from '@guardspan/instrumentation';
import OpenAI from 'openai';
import { openAppLink } from '../app-link.js';
import { PROMPTS } from './prompts.js';

/** Milliseconds between two questions of one kind of user. */
const EVERY_MS = 40;
/** Calls of one kind that may be under way; a queue of people, not a flood. */
const MAX_OPEN = 40;
/** Milliseconds; a service does not stay down because nobody guards it. */
const READY_MS = 10_000;

const link = openAppLink();
// The client as anybody would use it; our package patches it from outside.
const client = new OpenAI({ apiKey: 'demo', baseURL: process.env.DEMO_MODEL_URL ?? '', maxRetries: 0 });
declareTarget({ name: 'small-model', params: { model: 'small-model' } });

let phase = 'normal';
let running = true;

async function ask(model: string, tenant: string, index: number): Promise<void> {
  const { text } = PROMPTS[index % PROMPTS.length]!;
  const during = phase;
  const messages = [
    { role: 'system' as const, content: 'You answer questions of customers of a power company.' },
    { role: 'user' as const, content: text },
  ];
  let answered = '';
  let error = '';
  try {
    await withCallAttributes({ tenant }, async () => {
      if (index % 3 === 0) {
        const stream = await client.chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        });
        for await (const chunk of stream) answered = chunk.model;
      } else {
        answered = (await client.chat.completions.create({ model, messages })).model;
      }
    });
  } catch (thrown) {
    error = (thrown as Error).name;
    answered = '';
  }
  link.observe({ at: Date.now() / 1000, phase: during, asked: model, answered, error });
}

function keepAsking(model: string, tenant: string): NodeJS.Timeout {
  let open = 0;
  let index = 0;
  return setInterval(() => {
    if (open >= MAX_OPEN) return;
    open += 1;
    index += 1;
    void ask(model, tenant, index).finally(() => {
      open -= 1;
    });
  }, EVERY_MS);
}

// Before it takes traffic: a call that is made earlier is on record as not guarded.
await guardReady(READY_MS);
const users = [
  keepAsking('large-model', 'retail'),
  keepAsking('report-model', 'acme'),
  keepAsking('summary-model', 'retail'),
];
link.onCommand((command) => {
  if (command.type === 'phase') phase = command.name;
  else if (command.type === 'stop' && running) {
    running = false;
    for (const user of users) clearInterval(user);
    setTimeout(() => link.close(), 300);
  }
});
link.send({ type: 'ready' });
