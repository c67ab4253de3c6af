import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { judgedBody } from '../../src/models/http/judged-body.js';
import { serverRequest } from '../../src/models/http/server-format.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';

const ARGS = '{"to":"jane@mail.example.com","amount":5000}';

function documentOf(at: 'response' | 'chunk'): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tools }
spec: { at: ${at}, when: "toolCalls.exists(call, call.name == 'pay')", action: { deny: { status: 451 } }, mode: enforce }
`;
}

/** The bytes of a streamed answer in which the model calls the tool, its arguments in two pieces. */
function streamed(name: string): Buffer {
  const choice = (delta: object, finish_reason: string | null = null): object => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const events = [
    choice({ tool_calls: [{ index: 0, id: 't', function: { name, arguments: '' } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: ARGS.slice(0, 20) } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: ARGS.slice(20) } }] }),
    choice({}, 'tool_calls'),
  ];
  return Buffer.from([...events.map((event) => JSON.stringify(event)), '[DONE]'].map((d) => `data: ${d}\n\n`).join(''));
}

function whole(name: string): Buffer {
  const call = { id: 't', type: 'function', function: { name, arguments: ARGS } };
  return Buffer.from(
    JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [call] } }] }),
  );
}

async function* cutAt(bytes: Buffer, at: number): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes.subarray(0, at));
  yield bytes.subarray(at);
}

/** What the application reads of a body that arrives cut at a place, and the error that ends it. */
async function read(bytes: Buffer, at: number, stream: boolean): Promise<{ text: string; error: unknown }> {
  const { core } = makeCore({ allow: ACTION_TYPES });
  install(core, guardrails(documentOf(stream ? 'chunk' : 'response')));
  const can = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
  const guarded = core.begin(callStart({ can, streamed: stream }));
  const params = { model: 'm', stream };
  const request = serverRequest({ url: '*' }, new URL('http://models:8000/v1/chat/completions'), params)!;
  const headers = { contentType: stream ? 'text/event-stream' : 'application/json', contentEncoding: '' };
  const parts = { request, params, guarded, outputs: () => 'none' as const, elapsed: () => 0 };
  let text = '';
  try {
    for await (const piece of judgedBody(cutAt(bytes, at), headers, parts)) text += Buffer.from(piece).toString();
  } catch (error) {
    return { text, error };
  }
  return { text, error: undefined };
}

describe.each([
  ['complete', whole, false],
  ['streamed', streamed, true],
] as const)('a call of a tool in a %s answer of a server that speaks OpenAI', (_kind, body, stream) => {
  it('is denied by name wherever the bytes are cut, and its arguments never go out', async () => {
    const bytes = body('pay');
    for (let at = 0; at <= bytes.length; at++) {
      const { text, error } = await read(bytes, at, stream);
      expect(error).toMatchObject({ guardrail: 'tools', status: 451 });
      expect(text).not.toMatch(/jane|amount|to\\?"/);
    }
  });

  it('goes out whole when the tool has another name', async () => {
    const bytes = body('payments');
    for (let at = 0; at <= bytes.length; at += 7) {
      const { text, error } = await read(bytes, at, stream);
      expect(error).toBeUndefined();
      if (stream) {
        const given = [...text.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g)].map(
          ([, piece]) => JSON.parse(piece!) as string,
        );
        expect(given.join('')).toBe(ARGS);
      } else expect(text).toBe(bytes.toString());
    }
  });
});
