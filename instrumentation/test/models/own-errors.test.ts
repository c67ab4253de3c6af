import Anthropic, * as anthropicModule from '@anthropic-ai/sdk';
import { ACTION_TYPES } from '@guardspan/policy/runtime';
import OpenAI, * as openaiModule from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asErrorOf,
  deniedError,
  GuardrailDeniedError,
  GuardrailShutdownError,
  GuardrailThrottledError,
} from '../../src/actions/errors.js';
import { patchAnthropic } from '../../src/models/anthropic/patch-anthropic.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { startOpenAIStub } from '../support/openai-stub.js';
import type { OpenAIStub } from '../support/openai-stub.js';

const rail = (at: string, when: string, action: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec: { at: ${at}, uses: { mail: { detector: pii, on: ${at === 'request' ? 'prompt' : 'output'}.text } }, when: "${when}", action: ${action}, mode: enforce }
`;
const DENY = rail('request', 'mail.count > 0', '{ deny: { status: 403, guidance: "leave the address out" } }');
const THROTTLE = rail('request', 'true', '{ throttle: { rate: 0.001, burst: 1 } }');
const STREAM = rail('chunk', 'mail.count == 0', '{ deny: {} }');

let stub: OpenAIStub;
let documents = '';
const undo: (() => void)[] = [];
beforeAll(async () => {
  stub = await startOpenAIStub();
  let core = makeCore({ allow: ACTION_TYPES }).core;
  let installed = '';
  const host = {
    runtime: () => {
      if (installed !== documents) {
        core = makeCore({ allow: ACTION_TYPES }).core;
        install(core, guardrails((installed = documents)));
      }
      return core;
    },
    declare: () => undefined,
  };
  undo.push(patchOpenAI(openaiModule, '7', host)!.undo, patchAnthropic(anthropicModule, '1', host)!.undo);
});
afterAll(async () => {
  for (const restore of undo) restore();
  await stub.close();
});

const caught = (run: () => PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(run()).then(
    () => null,
    (error: unknown) => error,
  );
const ask = { model: 'stub', messages: [{ role: 'user' as const, content: 'to jane@mail.example.com' }] };

describe('a call that is refused', () => {
  it('rejects with an error that users of openai catch already, and that is ours', async () => {
    documents = DENY;
    const client = new OpenAI({ apiKey: 'x', baseURL: stub.baseURL, maxRetries: 2 });
    const error = await caught(() => client.chat.completions.create(ask));
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toBeInstanceOf(GuardrailDeniedError);
    expect(error).not.toBeInstanceOf(GuardrailThrottledError);
    expect(error).toMatchObject({
      name: 'GuardrailDeniedError',
      code: 'GUARDSPAN_DENIED',
      status: 403,
      guardrail: 'no-mail',
      guidance: 'leave the address out',
    });
    expect((error as Error).constructor).toBe(GuardrailDeniedError);
    expect(stub.received).toEqual([]);
  });

  it('rejects with an error that users of Anthropic catch already', async () => {
    documents = DENY;
    const client = new Anthropic({ apiKey: 'x', baseURL: stub.baseURL });
    const error = await caught(() => client.messages.create({ ...ask, max_tokens: 9 }));
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(error).toBeInstanceOf(GuardrailDeniedError);
    expect(error).not.toBeInstanceOf(OpenAI.APIError);
  });

  it('says in its headers when to ask again', async () => {
    documents = THROTTLE;
    const client = new OpenAI({ apiKey: 'x', baseURL: stub.baseURL });
    await client.chat.completions.create(ask);
    const error = await caught(() => client.chat.completions.create(ask));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toBeInstanceOf(GuardrailThrottledError);
    const { headers, retryAfter } = error as GuardrailThrottledError & { headers: Headers };
    expect(retryAfter > 0 ? headers.get('retry-after') : (headers.get('retry-after') ?? '0')).toBe(String(retryAfter));
  });

  it('ends a stream, and a helper on top of it, with the same kind of error', async () => {
    documents = STREAM;
    const client = new OpenAI({ apiKey: 'x', baseURL: stub.baseURL });
    const plain = { model: 'stub', messages: [{ role: 'user' as const, content: 'hello' }] };
    const read = async (): Promise<void> => {
      for await (const _ of await client.chat.completions.create({ ...plain, stream: true }));
    };
    for (const run of [read, () => client.chat.completions.stream(plain).finalChatCompletion()]) {
      const error = await caught(run);
      expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
      expect(error).toBeInstanceOf(GuardrailDeniedError);
    }
  });
});

describe('an error that is one of a client besides', () => {
  const end = { guardrail: 'g', verdict: 'v', guidance: '', message: 'Refused', fallback: '' };

  it('has the class of its status', () => {
    for (const [kind, status, own, ours] of [
      ['deny', 422, OpenAI.UnprocessableEntityError, GuardrailDeniedError],
      ['throttle', 429, OpenAI.RateLimitError, GuardrailThrottledError],
      ['shutdown', 503, OpenAI.InternalServerError, GuardrailShutdownError],
      ['deny', 451, OpenAI.APIError, GuardrailDeniedError],
    ] as const) {
      const error = deniedError({ ...end, kind, status, retryAfter: 7 });
      asErrorOf(OpenAI.APIError as never, error);
      asErrorOf(Anthropic.APIError as never, error);
      expect(error).toBeInstanceOf(own);
      expect(error).toBeInstanceOf(ours);
      expect(error).toBeInstanceOf(GuardrailDeniedError);
      expect(error.status).toBe(status);
      expect((error as unknown as { headers: Headers }).headers.get('retry-after')).toBe('7');
    }
  });

  it('stays ours alone where the client makes none', () => {
    const error = deniedError({ ...end, kind: 'deny', status: 403, retryAfter: 0 });
    asErrorOf(
      {
        generate: () => {
          throw new Error('no');
        },
      },
      error,
    );
    asErrorOf({ generate: () => 'none' }, error);
    expect(Object.getPrototypeOf(error)).toBe(GuardrailDeniedError.prototype);
    expect(error).not.toBeInstanceOf(OpenAI.APIError);
    for (const other of [{}, null, 'x', new Error('x')] as unknown[])
      expect(other instanceof GuardrailDeniedError).toBe(false);
  });
});
