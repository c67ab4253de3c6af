import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import { createOpenAI } from '@ai-sdk/openai';
import * as google from '@google/genai';
import { GuardrailDeniedError, GuardrailThrottledError } from '@guardspan/instrumentation';
import { ACTION_TYPES } from '@guardspan/policy/runtime';
import { ChatOpenAI } from '@langchain/openai';
import * as mistral from '@mistralai/mistralai';
import { MistralError, SDKError } from '@mistralai/mistralai/models/errors';
import { APICallError, generateText, streamText } from 'ai';
import * as cohere from 'cohere-ai';
import * as ollama from 'ollama';
import * as openai from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { guardrails, install, makeCore } from '../../instrumentation/test/guard/fakes.js';
import { patchClient } from '../../instrumentation/src/loader/clients.js';
import type { PatchHost } from '../../instrumentation/src/loader/patch.js';
import { guardedFetch } from '../../instrumentation/src/models/http/guarded-fetch.js';
import { clientNamed } from '../src/conformance/clients/all.js';
import { MODELS, PROMPT } from '../src/conformance/clients/shared.js';
import { startWireServer, type WireServer } from '../src/conformance/run/wire-server.js';

const rail = (at: string, when: string, action: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec: { at: ${at}, uses: { mail: { detector: pii, on: ${at === 'request' ? 'prompt' : 'output'}.text } }, when: "${when}", action: ${action}, mode: enforce }
`;
const deny = (status: number): string =>
  rail('request', 'mail.count > 0', `{ deny: { status: ${status}, guidance: "leave the address out" } }`);
const THROTTLE = rail('request', 'true', '{ throttle: { rate: 0.001, burst: 1, retryAfter: 7s } }');
const STREAM = rail('chunk', 'mail.count > 0', '{ deny: {} }');

type Class = abstract new (...args: never[]) => Error;

/** A library with its own retries on, and what its users catch. */
interface Library {
  /** The description in the conformance suite whose server answers. */
  server: string;
  patch?: [name: string, exports: unknown];
  ask(url: string): Promise<unknown>;
  stream(url: string): Promise<unknown>;
  /** The class for a status. */
  own(status: number): Class | undefined;
  /** Fields that its users read. */
  fields(status: number): object;
  /** What the error says of when to ask again. */
  retryAfter?(error: never): unknown;
  name?(status: number): string;
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** While a stream is read, the `ai` SDK wraps every failure into an error of its own. */
const causeOf = (error: unknown): unknown =>
  APICallError.isInstance(error) && !(error instanceof GuardrailDeniedError) ? error.cause : error;

const messages = [{ role: 'user' as const, content: PROMPT }];
const asked = { model: MODELS.good, messages };
const EXCEPTIONS: Record<number, Class> = {
  403: bedrock.AccessDeniedException,
  429: bedrock.ThrottlingException,
  503: bedrock.ServiceUnavailableException,
  451: bedrock.BedrockRuntimeServiceException,
};
const COHERE: Record<number, Class> = {
  403: cohere.Cohere.ForbiddenError,
  429: cohere.Cohere.TooManyRequestsError,
  503: cohere.Cohere.ServiceUnavailableError,
};
const OPENAI: Record<number, Class> = { 403: openai.PermissionDeniedError, 429: openai.RateLimitError };

const mistralOf = (serverURL: string): mistral.Mistral =>
  new mistral.Mistral({
    ...{ apiKey: 'test', serverURL },
    retryConfig: {
      strategy: 'backoff',
      backoff: { initialInterval: 1, maxInterval: 2, exponent: 1, maxElapsedTime: 50 },
    },
  });
const cohereOf = (environment: string): cohere.CohereClientV2 =>
  new cohere.CohereClientV2({ token: 'test', environment, maxRetries: 2 });
const googleOf = (baseUrl: string): google.GoogleGenAI =>
  new google.GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl, retryOptions: { attempts: 3 } } });
const ollamaOf = (host: string): ollama.Ollama => new ollama.Ollama({ host });
const bedrockOf = (endpoint: string): bedrock.BedrockRuntimeClient =>
  new bedrock.BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 3,
  });
const said = [{ role: 'user' as const, content: [{ text: PROMPT }] }];
const langchainOf = (baseURL: string): ChatOpenAI =>
  new ChatOpenAI({ apiKey: 'test', model: MODELS.good, maxRetries: 0, configuration: { baseURL } });
const vercelOf = (baseURL: string): Parameters<typeof generateText>[0] => ({
  model: createOpenAI({ apiKey: 'test', baseURL, fetch: (...request) => fetchOfTest(...request) }).chat(MODELS.good),
  prompt: PROMPT,
  maxRetries: 2,
});
let fetchOfTest: typeof fetch = fetch;

const LIBRARIES: Record<string, Library> = {
  '@mistralai/mistralai': {
    server: 'mistralai',
    patch: ['@mistralai/mistralai', mistral],
    ask: (url) => mistralOf(url).chat.complete(asked),
    stream: async (url) => drain(await mistralOf(url).chat.stream(asked)),
    own: () => SDKError,
    fields: (statusCode) => ({ statusCode, contentType: 'application/json' }),
    retryAfter: (error: MistralError) => error.headers.get('retry-after'),
  },
  'cohere-ai': {
    server: 'cohere',
    patch: ['cohere-ai', cohere],
    ask: (url) => cohereOf(url).chat(asked),
    stream: async (url) => drain(await cohereOf(url).chatStream(asked)),
    own: (status) => COHERE[status] ?? cohere.CohereError,
    fields: (statusCode) => ({ statusCode, rawResponse: { status: statusCode } }),
    retryAfter: (error: cohere.CohereError) =>
      (error.rawResponse?.headers as unknown as Record<string, string>)['retry-after'],
  },
  '@google/genai': {
    server: 'google-genai',
    patch: ['@google/genai', google],
    ask: (url) => googleOf(url).models.generateContent({ model: MODELS.good, contents: PROMPT }),
    stream: async (url) =>
      drain(await googleOf(url).models.generateContentStream({ model: MODELS.good, contents: PROMPT })),
    own: () => google.ApiError,
    fields: (status) => ({ status }),
  },
  ollama: {
    server: 'ollama',
    patch: ['ollama', ollama],
    ask: (url) => ollamaOf(url).chat(asked),
    stream: async (url) => drain(await ollamaOf(url).chat({ ...asked, stream: true })),
    own: () => undefined,
    fields: (status_code) => ({ status_code, error: expect.stringContaining('guard-rail') as unknown }),
    name: () => 'ResponseError',
  },
  '@aws-sdk/client-bedrock-runtime': {
    server: 'bedrock',
    patch: ['@aws-sdk/client-bedrock-runtime', bedrock],
    ask: (url) => bedrockOf(url).send(new bedrock.ConverseCommand({ modelId: MODELS.good, messages: said })),
    stream: async (url) => {
      const command = new bedrock.ConverseStreamCommand({ modelId: MODELS.good, messages: said });
      return drain((await bedrockOf(url).send(command)).stream!);
    },
    own: (status) => EXCEPTIONS[status],
    fields: (status) => ({
      $fault: status < 500 ? 'client' : 'server',
      $metadata: { httpStatusCode: status, attempts: 0 },
    }),
    retryAfter: (error: bedrock.BedrockRuntimeServiceException) => error.$response?.headers?.['retry-after'] as unknown,
    name: (status) => EXCEPTIONS[status]!.name,
  },
  '@langchain/openai, on top of openai': {
    server: 'langchain',
    patch: ['openai', openai],
    ask: (url) => langchainOf(url).invoke(PROMPT),
    stream: async (url) => drain(await langchainOf(url).stream(PROMPT)),
    own: (status) => OPENAI[status] ?? openai.APIError,
    fields: (status) => ({ status }),
    retryAfter: (error: openai.APIError) => error.headers?.get('retry-after'),
  },
  'ai, on top of fetch': {
    server: 'vercel-ai',
    ask: (url) => generateText(vercelOf(url)),
    stream: async (url) => {
      let failure: unknown;
      const onError = ({ error }: { error: unknown }): void => void (failure = error);
      await streamText({ ...vercelOf(url), onError } as Parameters<typeof streamText>[0]).consumeStream({
        onError: (error) => void (failure ??= error),
      });
      throw causeOf(failure);
    },
    own: () => undefined,
    fields: (statusCode) => ({ statusCode, isRetryable: false }),
    retryAfter: (error: APICallError) => error.responseHeaders?.['retry-after'],
  },
};

describe.each(Object.entries(LIBRARIES))('%s', (name, library) => {
  let server: WireServer;
  let undo: (() => void) | undefined;
  let run = 0;
  beforeAll(async () => {
    server = await startWireServer(clientNamed(library.server));
  });
  afterEach(() => undo?.());
  afterAll(() => server.close());

  /** Guards the library by a document; gives the address to ask, how many requests came there, and of how many calls the guard heard. */
  function guarded(document: string): { url: string; sent: () => number; calls: () => number } {
    const { core, fed } = makeCore({ allow: ACTION_TYPES });
    install(core, guardrails(document));
    const host: PatchHost = { runtime: () => core, declare: () => undefined };
    if (library.patch) undo = patchClient(library.patch[0], library.patch[1], '', host)!.undo;
    const declared = [{ url: `${server.url}/*` }];
    fetchOfTest = library.patch
      ? fetch
      : guardedFetch(
          fetch,
          () => declared,
          () => core,
          { Request, Response },
        );
    const key = `run/${++run}`;
    return { url: `${server.url}/${key}`, sent: () => server.received(key).length, calls: () => fed.length };
  }

  async function caught(asking: Promise<unknown>): Promise<GuardrailDeniedError> {
    const error = await asking.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GuardrailDeniedError);
    return error as GuardrailDeniedError;
  }

  function isOwn(error: GuardrailDeniedError, status: number): void {
    const own = library.own(status);
    if (own) expect(error).toBeInstanceOf(own);
    expect(error).toMatchObject({
      ...library.fields(status),
      status,
      name: library.name?.(status) ?? error.constructor.name,
    });
    expect(error.message).toContain('guard-rail no-mail');
    if (name.startsWith('ai,')) expect(APICallError.isInstance(error)).toBe(true);
    if (own === SDKError) expect(error).toBeInstanceOf(MistralError);
    if (name === 'cohere-ai') expect(error).toBeInstanceOf(cohere.CohereError);
  }

  it.each([403, 503, 451])(
    'refuses a call with %i by an error that its users catch already, and asks nobody',
    async (status) => {
      for (const ask of [library.ask, library.stream]) {
        const { url, sent, calls } = guarded(deny(status));
        const error = await caught(ask(url));
        isOwn(error, status);
        expect(error).toMatchObject({
          code: 'GUARDSPAN_DENIED',
          guidance: 'leave the address out',
          guardrail: 'no-mail',
        });
        expect(error).not.toBeInstanceOf(GuardrailThrottledError);
        expect([sent(), calls()]).toEqual([0, 1]);
        undo?.();
      }
    },
  );

  it('says when to ask again, and is not asked again by the client itself', async () => {
    const { url, sent, calls } = guarded(THROTTLE);
    await library.ask(url);
    const error = await caught(library.ask(url));
    isOwn(error, 429);
    expect(error).toBeInstanceOf(GuardrailThrottledError);
    expect(error.retryAfter).toBe(7);
    if (library.retryAfter) expect(library.retryAfter(error as never)).toBe('7');
    expect([sent(), calls()]).toEqual([1, 2]);
  });

  it('ends a stream with the same kind of error', async () => {
    const { url, sent, calls } = guarded(STREAM);
    isOwn(await caught(library.stream(url)), 403);
    expect([sent(), calls()]).toEqual([1, 1]);
  });
});
