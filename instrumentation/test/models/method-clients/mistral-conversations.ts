import { CONVERSATIONS } from '../../../src/models/mistral/conversations.js';
import { at, joined, json, listAt } from './fixture.js';
import type { MethodClient } from './fixture.js';
import { mistral } from './mistral.js';

const event = (type: string, data: object): unknown => ({ event: type, data: { type, ...data } });
const said = (content: unknown): unknown =>
  event('message.output.delta', {
    outputIndex: 0,
    contentIndex: 0,
    id: 'm1',
    model: 'm-1',
    role: 'assistant',
    content,
  });
const called = (args: string): unknown =>
  event('function.call.delta', { outputIndex: 1, id: 'f1', toolCallId: 't1', name: 'f', arguments: args });
const usage = { promptTokens: 10, completionTokens: 5, totalTokens: 15 };
const started = event('conversation.response.started', { conversationId: 'conv_1' });
const done = event('conversation.response.done', { usage });
const argumentsIn = (type: string) =>
  joined((each) => (at(each, 'data', 'type') === type ? at(each, 'data', 'arguments') : undefined));
const inArguments = (source: string): string => (JSON.parse(source) as { a: string }).a;

/** Conversations of the client, with a text in every place that has one. */
export const mistralConversations: MethodClient = {
  ...mistral,
  name: '@mistralai/mistralai, conversations',
  endpoints: CONVERSATIONS,
  requests: (text) => [
    {
      method: 'start',
      args: [
        {
          model: 'm',
          instructions: text,
          inputs: [
            { type: 'message.input', role: 'user', content: text },
            { type: 'message.input', role: 'user', content: [{ type: 'text', text }] },
            { type: 'message.output', content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] },
            { type: 'function.call', toolCallId: 't', name: 'f', arguments: json({ a: text }) },
            { type: 'function.result', toolCallId: 't', result: text },
            { type: 'tool.execution', name: 'code_interpreter', arguments: json({ code: text }), info: { out: text } },
          ],
        },
      ],
      texts: 8,
    },
    {
      method: 'append',
      args: [{ conversationId: 'c', conversationAppendRequest: { inputs: text } }],
      texts: 1,
    },
    {
      method: 'restartStream',
      args: [{ conversationId: 'c', conversationRestartStreamRequest: { fromEntryId: 'e', inputs: text } }],
      texts: 1,
    },
  ],
  answer: (text) => ({
    method: 'start',
    args: [{ model: 'm', inputs: 'hi' }],
    result: {
      object: 'conversation.response',
      conversationId: 'conv_1',
      usage,
      outputs: [
        { type: 'message.output', model: 'm-1', content: text },
        { type: 'message.output', content: [{ type: 'text', text }] },
        { type: 'function.call', toolCallId: 't', name: 'f', arguments: json({ a: text }) },
        { type: 'tool.execution', name: 'code_interpreter', arguments: json({ code: text }), info: { out: text } },
      ],
    },
  }),
  answerTexts: 5,
  streams: [
    {
      method: 'startStream',
      args: [{ model: 'm', inputs: 'hi' }],
      chunks: (pieces) => [...pieces.map(said), done],
      text: joined((each) => at(each, 'data', 'content')),
    },
    {
      method: 'appendStream',
      args: [{ conversationId: 'c', conversationAppendStreamRequest: { inputs: 'hi' } }],
      chunks: (pieces) => [started, ...pieces.map((text) => said({ type: 'text', text })), done],
      text: joined((each) => at(each, 'data', 'content', 'text')),
    },
    {
      method: 'startStream',
      args: [{ model: 'm', inputs: 'hi' }],
      chunks: (pieces) => [
        started,
        ...pieces.map((text) => said({ type: 'thinking', thinking: [{ type: 'text', text }] })),
        done,
      ],
      text: joined((each) =>
        listAt(each, 'data', 'content', 'thinking')
          .map((thought) => at(thought, 'text'))
          .join(''),
      ),
    },
    {
      method: 'startStream',
      args: [{ model: 'm', inputs: 'hi' }],
      chunks: (pieces) => [started, called('{"a":"'), ...pieces.map(called), called('"}'), done],
      text: (events) => inArguments(argumentsIn('function.call.delta')(events)),
    },
    {
      method: 'startStream',
      args: [{ model: 'm', inputs: 'hi' }],
      chunks: (pieces) => [
        started,
        event('tool.execution.started', { outputIndex: 0, id: 'e', name: 'code_interpreter', arguments: '' }),
        ...['{"a":"', ...pieces, '"}'].map((args) =>
          event('tool.execution.delta', { outputIndex: 0, id: 'e', name: 'code_interpreter', arguments: args }),
        ),
        event('tool.execution.done', { outputIndex: 0, id: 'e', name: 'code_interpreter', info: { n: 1 } }),
        done,
      ],
      text: (events) => inArguments(argumentsIn('tool.execution.delta')(events)),
    },
    {
      method: 'startStream',
      args: [{ model: 'm', inputs: 'hi' }],
      chunks: (pieces) => [
        started,
        event('tool.execution.done', { outputIndex: 0, name: 'web_search', info: { found: pieces.join('') } }),
        done,
      ],
      text: joined((each) => at(each, 'data', 'info', 'found')),
    },
  ],
};
