import { interactions } from '../../../src/models/google/interactions.js';
import { at, iterable, joined, json, listAt } from './fixture.js';
import type { MethodClient } from './fixture.js';
import { mistral } from './mistral.js';

const start = (step: object, index = 0): unknown => ({ event_type: 'step.start', index, step });
const delta = (value: object, index = 0): unknown => ({ event_type: 'step.delta', index, delta: value });
const stop = (index = 0): unknown => ({ event_type: 'step.stop', index });
const usage = { total_input_tokens: 10, total_output_tokens: 3, total_thought_tokens: 2, total_tokens: 15 };
const created = { event_type: 'interaction.created', interaction: { id: 'i', model: 'm-1', status: 'in_progress' } };
const completed = (steps?: unknown[]): unknown => ({
  event_type: 'interaction.completed',
  interaction: { id: 'i', model: 'm-1', status: 'completed', usage, ...(steps ? { steps } : {}) },
});
const said = joined((event) => (at(event, 'delta', 'type') === 'text' ? at(event, 'delta', 'text') : undefined));
const args = [{ model: 'm', input: 'hi', stream: true }];
const method = 'create';

/** Interactions of the client, with a text in every place that has one. */
export const googleInteractions: MethodClient = {
  name: '@google/genai, interactions',
  endpoints: [interactions],
  requests: (text) => [
    { method, args: [{ model: 'models/m', input: text, system_instruction: text }], texts: 2 },
    { method, args: [{ agent: 'a', input: { type: 'text', text } }], texts: 1 },
    {
      method,
      args: [
        {
          model: 'm',
          input: [
            { type: 'text', text },
            { type: 'image', data: 'AA==', mime_type: 'image/png' },
          ],
        },
      ],
      texts: 1,
    },
    {
      method,
      args: [
        {
          model: 'm',
          input: [
            { type: 'user_input', content: [{ type: 'text', text }] },
            { type: 'thought', summary: [{ type: 'text', text }], signature: 's' },
            { type: 'model_output', content: [{ type: 'text', text }] },
            { type: 'function_call', id: 'c', name: 'f', arguments: { a: { 'b.c': [text] } } },
            { type: 'function_result', call_id: 'c', result: text },
            { type: 'function_result', call_id: 'c', result: [{ type: 'text', text }] },
            { type: 'mcp_server_tool_result', call_id: 'c', result: { found: text } },
            { type: 'code_execution_call', id: 'd', arguments: { language: 'python', code: text } },
          ],
        },
      ],
      texts: 8,
    },
  ],
  answer: (text) => ({
    method,
    args: [{ model: 'm', input: 'hi' }],
    result: {
      id: 'i',
      model: 'm-1',
      status: 'completed',
      usage,
      output_text: text,
      steps: [
        { type: 'thought', summary: [{ type: 'text', text }] },
        { type: 'function_call', id: 'c', name: 'f', arguments: { a: text } },
        { type: 'google_search_call', id: 's', arguments: { queries: [text] } },
        { type: 'model_output', content: [{ type: 'text', text }] },
      ],
    },
  }),
  answerTexts: 4,
  streams: [
    {
      method,
      args,
      chunks: (pieces) => [...pieces.map((text) => delta({ type: 'text', text })), stop(), completed()],
      text: said,
    },
    {
      method,
      args,
      // The first piece comes with the step, and the whole answer once more at the end.
      chunks: (pieces) => [
        created,
        start({ type: 'model_output', content: [{ type: 'text', text: pieces[0] }] }),
        ...pieces.slice(1).map((text) => delta({ type: 'text', text })),
        stop(),
        completed([{ type: 'model_output', content: [{ type: 'text', text: pieces.join('') }] }]),
      ],
      text: (events) => {
        const first = events.map((event) => at(event, 'step', 'content', 0, 'text')).find((text) => text !== undefined);
        const whole = String(at(events.at(-1), 'interaction', 'steps', 0, 'content', 0, 'text'));
        const streamed = String(first) + said(events);
        return streamed === whole ? whole : `${streamed}, and at the end ${whole}`;
      },
    },
    {
      method,
      args,
      chunks: (pieces) => [
        start({ type: 'thought' }),
        ...pieces.map((text) => delta({ type: 'thought_summary', content: { type: 'text', text } })),
        stop(),
        completed(),
      ],
      text: joined((event) => at(event, 'delta', 'content', 'text')),
    },
    {
      method,
      args,
      chunks: (pieces) => [
        start({ type: 'function_call', id: 'c', name: 'f', arguments: {} }),
        ...['{"a":"', ...pieces, '"}'].map((text) => delta({ type: 'arguments_delta', arguments: text })),
        stop(),
        completed(),
      ],
      text: (events) => (JSON.parse(joined((event) => at(event, 'delta', 'arguments'))(events)) as { a: string }).a,
    },
    {
      method,
      args,
      chunks: (pieces) => [
        start({ type: 'code_execution_result', call_id: 'd', result: '' }),
        delta({ type: 'code_execution_result', result: pieces.join('') }),
        stop(),
        completed(),
      ],
      text: joined((event) => at(event, 'delta', 'result')),
    },
    {
      method,
      args,
      chunks: (pieces) => [
        start({ type: 'google_search_call', id: 's', arguments: { queries: [] } }),
        delta({ type: 'google_search_call', arguments: { queries: [pieces.join('')] } }),
        stop(),
        completed(),
      ],
      text: joined((event) => listAt(event, 'delta', 'arguments', 'queries')[0]),
    },
  ],
  open: mistral.open,
  read: iterable,
  readable: json,
};
