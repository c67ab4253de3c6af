import { ACTION_TYPES, applyRedactions } from '@guardspan/policy/runtime';
import type { Redaction } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import type { CallAnswer } from '../../src/guard/types.js';
import { messages } from '../../src/models/anthropic/messages.js';
import { bodyAnswer } from '../../src/models/bedrock/body.js';
import { answerOf as converseAnswer } from '../../src/models/bedrock/converse.js';
import { answerOf as cohereAnswer } from '../../src/models/cohere/answers.js';
import { generateContent } from '../../src/models/google/generate-content.js';
import { serverRequest } from '../../src/models/http/server-format.js';
import { ENDPOINTS as MISTRAL } from '../../src/models/mistral/completions.js';
import { answerOf as ollamaAnswer } from '../../src/models/ollama/answers.js';
import { chatCompletions } from '../../src/models/openai/chat-completions.js';
import { responses } from '../../src/models/openai/responses.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';

/** A call of a tool as a model asks for it. */
interface Asked {
  name: string;
  args: { [name: string]: unknown };
}

type Body = { [name: string]: unknown };

/** As a model may write it: escapes mean what they stand for. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('@', '\\u0040');

/** The calls as OpenAI's chat completions carry them. */
const chat = (calls: readonly Asked[]): Body => ({
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: null,
        tool_calls: calls.map(({ name, args }, at) => ({
          id: `t${at}`,
          type: 'function',
          function: { name, arguments: json(args) },
        })),
      },
    },
  ],
});

/** The calls as Anthropic's messages carry them. */
const message = (calls: readonly Asked[]): Body => ({
  content: calls.map(({ name, args }, at) => ({ type: 'tool_use', id: `t${at}`, name, input: args })),
  stop_reason: 'tool_use',
});

/** The calls as Converse carries them. */
const converse = (calls: readonly Asked[]): Body => ({
  output: {
    message: {
      role: 'assistant',
      content: calls.map(({ name, args }) => ({ toolUse: { toolUseId: 't', name, input: args } })),
    },
  },
  stopReason: 'tool_use',
});

/** What is read of the complete answer of each client in which the model calls tools. */
const ANSWERS: Readonly<Record<string, (calls: readonly Asked[]) => CallAnswer>> = {
  'openai chat': (calls) => chatCompletions.answer(chat(calls)),
  'openai responses': (calls) =>
    responses.answer({
      output: calls.map(({ name, args }, at) => ({
        type: 'function_call',
        id: `fc_${at}`,
        call_id: `t${at}`,
        name,
        arguments: json(args),
      })),
    }),
  'an HTTP server that speaks OpenAI': (calls) =>
    serverRequest({ url: '*' }, new URL('http://models:8000/v1/chat/completions'), { model: 'm' })!.answer(
      chat(calls),
      'none',
    ),
  anthropic: (calls) => messages.answer(message(calls)),
  google: (calls) =>
    generateContent.answer({
      candidates: [{ content: { role: 'model', parts: calls.map((call) => ({ functionCall: call })) } }],
    }),
  mistral: (calls) =>
    MISTRAL.find(({ method }) => method === 'complete')!.answer({
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: '',
            toolCalls: calls.map(({ name, args }) => ({ id: 't', function: { name, arguments: json(args) } })),
          },
        },
      ],
    }),
  cohere: (calls) =>
    cohereAnswer({
      message: {
        role: 'assistant',
        toolCalls: calls.map(({ name, args }) => ({ id: 't', function: { name, arguments: json(args) } })),
      },
    }),
  'cohere, first version': (calls) =>
    cohereAnswer({ text: '', toolCalls: calls.map(({ name, args }) => ({ name, parameters: args })) }),
  ollama: (calls) =>
    ollamaAnswer({
      done: true,
      message: {
        role: 'assistant',
        content: '',
        tool_calls: calls.map(({ name, args }) => ({ function: { name, arguments: args } })),
      },
    }),
  'bedrock Converse': (calls) => converseAnswer(converse(calls)),
  'bedrock InvokeModel, Anthropic': (calls) => bodyAnswer(message(calls)),
  'bedrock InvokeModel, Nova': (calls) => bodyAnswer(converse(calls)),
  'bedrock InvokeModel, Mistral': (calls) => bodyAnswer(chat(calls)),
  'bedrock InvokeModel, Cohere': (calls) =>
    bodyAnswer({
      text: '',
      finish_reason: 'COMPLETE',
      tool_calls: calls.map(({ name, args }) => ({ name, parameters: args })),
    }),
};

function documentOf(when: string, action: string, uses = '{}'): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tools }
spec: { at: response, uses: ${uses}, when: "${when}", action: ${action}, mode: enforce }
`;
}

const LOOK: Asked = { name: 'look_up', args: { city: 'Oslo' } };
const PAY: Asked = { name: 'pay', args: { to: 'jane@mail.example.com', amount: 5000 } };

describe.each(Object.entries(ANSWERS))('calls of tools in a complete answer of %s', (_client, answer) => {
  const decide = (document: string, calls: readonly Asked[]) => {
    const { core } = makeCore({ allow: ACTION_TYPES });
    install(core, guardrails(document));
    const can = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
    return core.begin(callStart({ can })).answered(answer(calls));
  };

  it('are denied by name, wherever the call stands among others', () => {
    const document = documentOf("toolCalls.exists(call, call.name == 'pay')", '{ deny: { status: 451 } }');
    for (const calls of [[PAY], [PAY, LOOK], [LOOK, PAY], [LOOK, PAY, LOOK]])
      expect(decide(document, calls).end).toMatchObject({ kind: 'deny', guardrail: 'tools', status: 451 });
    for (const calls of [[], [LOOK], [{ ...PAY, name: 'payments' }]])
      expect(decide(document, calls)).toMatchObject({ end: null, disposition: 'allow' });
  });

  it('are denied by what their own arguments say, not by those of another call', () => {
    const document = documentOf(
      "toolCalls.exists(call, call.name == 'pay' && call.arguments.amount > 4000.0)",
      '{ deny: {} }',
    );
    expect(decide(document, [LOOK, PAY]).end).toMatchObject({ kind: 'deny' });
    const small = { ...PAY, args: { amount: 3 } };
    expect(decide(document, [small, { name: 'estimate', args: { amount: 5000 } }]).end).toBeNull();
  });

  it('are redacted when the tool that a guard-rail names is called, and only then', () => {
    const document = documentOf(
      "toolCalls.exists(call, call.name == 'pay') && mail.count > 0",
      '{ redact: { detections: [mail] } }',
      '{ mail: { detector: pii, on: output.text, entities: [email] } }',
    );
    expect(decide(document, [LOOK, PAY]).redactions).toMatchObject([{ entity: 'email', replacement: '<email>' }]);
    expect(decide(document, [LOOK, { ...PAY, name: 'mail' }]).redactions).toEqual([]);
    // The condition names the tool, the detections do not: they are redacted wherever they are.
    expect(decide(document, [{ ...PAY, name: 'mail' }, PAY]).redactions).toHaveLength(2);
  });

  it('are redacted for the tools that a redaction names, and for no others', () => {
    const document = documentOf(
      'mail.count > 0',
      '{ redact: { detections: [mail], tools: [pay] } }',
      '{ mail: { detector: pii, on: output.text, entities: [email] } }',
    );
    const mail = { ...PAY, name: 'mail' };
    const texts = (calls: readonly Asked[], redactions: readonly Redaction[]): string[] =>
      answer(calls).texts!().map(({ path, text }) =>
        applyRedactions(
          text,
          redactions.filter((each) => each.path === path),
        ),
      );
    const calls = [mail, PAY, mail, PAY, LOOK];
    const expected = calls.map((call) => (call === PAY ? { ...call, args: { ...PAY.args, to: '<email>' } } : call));
    expect(texts(calls, decide(document, calls).redactions)).toEqual(texts(expected, []));
    expect(decide(document, [mail, LOOK])).toMatchObject({ action: 'allow', redactions: [], verdicts: [] });
    // What stands for a number stays valid JSON.
    const card = { ...PAY, args: { to: 4111111111111111, '@': 'a"b' } };
    const cards = document.replace('[email]', '[credit_card]').replace('[mail]', `[mail], with: 'a "card"'`);
    for (const text of texts([card], decide(cards, [card]).redactions))
      if (text.startsWith('{')) expect(JSON.parse(text)).toEqual({ ...card.args, to: 'a "card"' });
    // A call that does not say whom it calls may be one of these.
    expect(decide(document, [{ ...PAY, name: '' }]).redactions).toHaveLength(1);
  });
});
