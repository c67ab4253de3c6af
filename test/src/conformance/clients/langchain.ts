import type { AIMessageChunk } from '@langchain/core/messages';
import type * as Library from '@langchain/openai';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage } from './description.js';
import { openai } from './openai.js';
import { MODELS, PROMPT } from './shared.js';

/** A chat model of the framework, which asks through the client `openai`; `embed` is its other kind. */
interface Client {
  chat(model: string, fields?: object): Library.ChatOpenAI;
  embeddings: Library.OpenAIEmbeddings;
}

const TOOL = {
  type: 'function',
  function: { name: 'send', description: 'sends', parameters: { type: 'object', properties: {} } },
};

/** What an application reads of a message; its own ids are new each time. */
function shown({ content, tool_calls, usage_metadata }: AIMessageChunk): object {
  return { content, tool_calls: tool_calls?.map(({ name, args }) => ({ name, args })), usage_metadata };
}

const usages: Usage<Client>[] = [
  ...commonUsages<Client, { text: string }>({
    ask: async ({ chat }, model, { variant, signal } = {}) =>
      shown(
        (await chat(model, variant === undefined ? {} : { topP: variant / 10 }).invoke(
          PROMPT,
          signal === undefined ? {} : { signal },
        )) as AIMessageChunk,
      ),
    stream: async ({ chat }, model, { signal } = {}) => {
      const stream = await chat(model).stream(PROMPT, signal === undefined ? {} : { signal });
      return (async function* texts() {
        for await (const { content } of stream) yield { text: typeof content === 'string' ? content : '' };
      })();
    },
    textOf: (chunks) => chunks.map(({ text }) => text).join(''),
    abortable: true,
  }).filter(({ name }) => !name.startsWith('stream that nobody')),
  {
    name: 'tools',
    run: async ({ chat }) => shown((await chat(MODELS.good).bindTools([TOOL]).invoke(PROMPT)) as AIMessageChunk),
  },
  {
    name: 'structured output',
    run: ({ chat }) =>
      chat(MODELS.good)
        .withStructuredOutput(
          { title: 'note', type: 'object', properties: { note: { type: 'string' } }, required: ['note'] },
          { method: 'jsonSchema' },
        )
        .invoke(PROMPT),
  },
  {
    name: 'a batch',
    calls: 2,
    run: async ({ chat }) =>
      (await chat(MODELS.good).batch([PROMPT, PROMPT])).map((each) => shown(each as AIMessageChunk)),
  },
  { name: 'embedQuery', run: ({ embeddings }) => embeddings.embedQuery(PROMPT) },
];

/** LangChain on top of the client of OpenAI: guarded there, and counted once. */
export const langchain = describeClient<Client>({
  name: 'langchain',
  module: '@langchain/openai',
  patched: 'openai',
  connect: (module, baseURL) => {
    const { ChatOpenAI, OpenAIEmbeddings } = module as typeof Library;
    const fields = { apiKey: 'test', maxRetries: 0, configuration: { baseURL } };
    return {
      chat: (model, rest = {}) => new ChatOpenAI({ ...fields, model, ...rest }),
      embeddings: new OpenAIEmbeddings({ ...fields, model: MODELS.good, encodingFormat: 'float' }),
    };
  },
  answer: (request) => openai.answer(request),
  modelOf: (request) => openai.modelOf(request),
  reroute: { model: MODELS.other },
  usages,
});
