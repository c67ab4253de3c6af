import { createOpenAI } from '@ai-sdk/openai';
import type { OpenAIProvider } from '@ai-sdk/openai';
import type * as Library from 'ai';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage } from './description.js';
import { openai } from './openai.js';
import { MODELS, PROMPT } from './shared.js';

/** The framework and a provider of it, which asks with `fetch`. */
interface Client {
  ai: typeof Library;
  provider: OpenAIProvider;
}

async function* textsOf(parts: AsyncIterable<{ type: string }>): AsyncGenerator<{ text: string }> {
  for await (const part of parts) {
    const { type, text, error } = part as { type: string; text?: string; error?: unknown };
    if (type === 'error') throw error as Error;
    if (type === 'text-delta') yield { text: text ?? '' };
  }
}

/** What an application reads of a result; times and ids are new each time. */
function shown({ text, finishReason, toolCalls, usage }: Awaited<ReturnType<typeof Library.generateText>>): object {
  const { inputTokens, outputTokens } = usage;
  return {
    text,
    finishReason,
    calls: toolCalls.map(({ toolName, input }) => ({ toolName, input })),
    inputTokens,
    outputTokens,
  };
}

const maxRetries = 0;
const partial = { partial: true };

const usages: Usage<Client>[] = [
  ...commonUsages<Client, { text: string }>({
    ask: async ({ ai, provider }, model, { variant, signal } = {}) =>
      shown(
        await ai.generateText({
          model: provider.chat(model),
          prompt: PROMPT,
          maxRetries,
          ...(variant === undefined ? {} : { seed: variant }),
          ...(signal === undefined ? {} : { abortSignal: signal }),
        }),
      ),
    stream: ({ ai, provider }, model, { signal } = {}) => {
      const { stream } = ai.streamText({
        model: provider.chat(model),
        prompt: PROMPT,
        maxRetries,
        onError: () => undefined,
        ...(signal === undefined ? {} : { abortSignal: signal }),
      });
      return Promise.resolve(textsOf(stream));
    },
    textOf: (chunks) => chunks.map(({ text }) => text).join(''),
    abortable: true,
  }).filter(({ name }) => !name.startsWith('stream that nobody')),
  {
    name: 'generateText over the Responses API',
    run: async ({ ai, provider }) =>
      shown(await ai.generateText({ model: provider.responses(MODELS.good), prompt: PROMPT, maxRetries })),
  },
  {
    name: 'tools',
    run: async ({ ai, provider }) => {
      const send = ai.tool({ inputSchema: ai.jsonSchema({ type: 'object', properties: {} }) }) as Library.Tool;
      const model = provider.chat(MODELS.good);
      return shown((await ai.generateText({ model, prompt: PROMPT, maxRetries, tools: { send } })) as never);
    },
  },
  {
    name: 'generateImage',
    run: async ({ ai, provider }) => {
      const model = provider.image(MODELS.good);
      const { images, providerMetadata } = await ai.generateImage({ model, prompt: PROMPT, maxRetries });
      return { images: images.map(({ base64 }) => base64), prompts: providerMetadata['openai']?.images };
    },
  },
  {
    name: 'embed',
    ...partial,
    run: async ({ ai, provider }) =>
      (await ai.embed({ model: provider.embedding(MODELS.good), value: PROMPT, maxRetries })).embedding,
  },
];

/** The `ai` SDK on top of a provider that asks with `fetch`: guarded there, and counted once. */
export const vercel = describeClient<Client>({
  name: 'vercel-ai',
  module: 'ai',
  patched: null,
  env: (url) => ({ GUARDSPAN_HTTP_MODELS: `${url}/*` }),
  connect: (module, baseURL) => ({
    ai: module as typeof Library,
    provider: createOpenAI({ apiKey: 'test', baseURL }),
  }),
  answer: (request) => openai.answer(request),
  modelOf: (request) => openai.modelOf(request),
  reroute: { model: MODELS.other },
  usages,
});
