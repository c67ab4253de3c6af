import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { expect, it } from 'vitest';
import { messages } from '../../src/models/anthropic/messages.js';
import { APIS } from '../../src/models/cohere/endpoints.js';
import { generateContent } from '../../src/models/google/generate-content.js';
import { ENDPOINTS as OLLAMA } from '../../src/models/ollama/endpoints.js';
import { chatCompletions } from '../../src/models/openai/chat-completions.js';
import { completions } from '../../src/models/openai/completions.js';
import { responses } from '../../src/models/openai/responses.js';
import { carryOut } from '../../src/models/shared/carry-out.js';
import type { Json } from '../../src/models/shared/json.js';
import type { Endpoint } from '../../src/models/stainless/endpoint.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';
import { REDACT_MAIL as REDACT } from '../stream/stream-answer.js';

const MAIL = 'jane@mail.example.com';
const TEXT = `to ${MAIL} now`;
const tokens = [{ token: 'jane', logprob: -1 }];
const other = { index: 1, message: { content: 'hi' }, logprobs: { content: [{ token: 'hi' }] } };

/** Complete answers in which something beside a text spells it out again. */
const ANSWERS: Readonly<Record<string, [Pick<Endpoint, 'answer' | 'afterRedaction'>, Json]>> = {
  'openai chat': [
    chatCompletions,
    { choices: [{ index: 0, message: { content: TEXT }, logprobs: { content: tokens } }, other] },
  ],
  'openai completions': [completions, { choices: [{ index: 0, text: TEXT, logprobs: { tokens: ['jane'] } }, other] }],
  'openai responses': [
    responses,
    {
      output_text: TEXT,
      output: [
        { type: 'message', content: [{ type: 'output_text', text: TEXT, logprobs: tokens }] },
        { type: 'code_interpreter_call', code: `send("${MAIL}")` },
        { type: 'message', content: [{ type: 'output_text', text: 'hi', logprobs: [{ token: 'hi' }] }] },
      ],
    },
  ],
  anthropic: [
    messages,
    {
      content: [
        { type: 'text', text: TEXT, citations: [{ cited_text: MAIL }] },
        { type: 'code_execution_tool_result', content: { type: 'code_execution_result', stdout: MAIL, stderr: MAIL } },
        { type: 'text', text: 'hi' },
      ],
    },
  ],
  google: [
    generateContent,
    {
      candidates: [
        {
          content: { role: 'model', parts: [{ text: TEXT }] },
          logprobsResult: { chosenCandidates: tokens },
          groundingMetadata: { groundingSupports: [{}, { segment: { text: MAIL } }] },
        },
        {
          content: { role: 'model', parts: [{ text: 'hi' }] },
          logprobsResult: { chosenCandidates: [{ token: 'hi' }] },
        },
      ],
    },
  ],
  cohere: [
    APIS.second('')[0]!,
    {
      message: { content: [{ type: 'text', text: `${TEXT} hi` }], citations: [{ start: 3, end: 24, text: MAIL }] },
      logprobs: [{ text: 'jane', tokenIds: [1] }],
    },
  ],
  'cohere, first version': [
    APIS.first('')[0]!,
    {
      text: `${TEXT} hi`,
      citations: [{ start: 3, end: 24, text: MAIL }],
      chatHistory: [{ role: 'CHATBOT', toolCalls: [{ name: 'pay', parameters: { to: MAIL } }] }],
    },
  ],
  ollama: [OLLAMA[0]!, { message: { role: 'assistant', content: `${TEXT} hi` }, logprobs: tokens, done: true }],
};

it.each(Object.entries(ANSWERS))(
  'what spells a redacted text of %s out again goes with it',
  (_client, [endpoint, data]) => {
    const before = JSON.stringify(data);
    const { core } = makeCore({ allow: ACTION_TYPES });
    install(core, guardrails(REDACT));
    const can = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
    const guarded = core.begin(callStart({ can }));
    carryOut(guarded, guarded.answered(endpoint.answer(data)), data, (redactions) =>
      endpoint.afterRedaction?.(data, redactions),
    );
    const given = JSON.stringify(data);
    expect(given).toContain('to <email> now');
    expect(given).not.toContain('jane');
    // What belongs to other texts stays.
    const own = before.match(/\[\{"token":"hi"\}\]/g);
    expect(given.match(/\[\{"token":"hi"\}\]/g)).toEqual(own);
  },
);
