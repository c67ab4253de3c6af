import OpenAI, { APIPromise } from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { withAnswer } from '../../src/models/stainless/api-promise.js';
import type { ApiPromise, ApiPromiseClass } from '../../src/models/stainless/api-promise.js';

const ANSWER = { id: 'a', choices: [] };

function answered(body: string, received: (data: unknown) => unknown, failed: (error: unknown) => void): ApiPromise {
  const headers = { 'content-type': 'application/json', 'x-request-id': 'req-1' };
  const client = new OpenAI({
    ...{ apiKey: 'none', baseURL: 'http://127.0.0.1:9/v1', maxRetries: 0 },
    fetch: () => Promise.resolve(new Response(body, { headers })),
  });
  const promise = client.post('/chat/completions', { body: {} }) as unknown as ApiPromise;
  return withAnswer(APIPromise as unknown as ApiPromiseClass, client, promise, { received, failed });
}

describe('withAnswer, on promises of a client that reads the answer of a derived one anew', () => {
  const derive = (promise: ApiPromise): Promise<unknown> =>
    promise._thenUnwrap((data) => ({ made: (data as typeof ANSWER).id }));

  it.each([
    ['at once', (data: unknown) => data],
    ['later', (data: unknown) => Promise.resolve(data)],
  ])('hands an answer that is given %s to what is derived, with the id of the request', async (_when, give) => {
    const received = vi.fn(give);
    const derived = await derive(answered(JSON.stringify(ANSWER), received, vi.fn()));
    expect(derived).toEqual({ made: 'a' });
    expect((derived as { _request_id?: string })._request_id).toBe('req-1');
    expect(received).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['the promise', (promise: ApiPromise): Promise<unknown> => promise],
    ['what is derived from it', derive],
  ])('tells why there is no answer for %s', async (_which, look) => {
    const failed = vi.fn();
    const received = vi.fn();
    const promise = look(answered('{"id":', received, failed));
    await expect(promise).rejects.toThrow(SyntaxError);
    expect(failed).toHaveBeenCalledTimes(1);
    expect(received).not.toHaveBeenCalled();
  });

  it('is the promise of the client itself', () => {
    const client = new OpenAI({ apiKey: 'none', fetch: () => Promise.resolve(Response.json(ANSWER)) });
    const own = new APIPromise(client, Promise.resolve(null) as never) as unknown as ApiPromise;
    const watcher = { received: (data: unknown) => data, failed: vi.fn() };
    expect(withAnswer(APIPromise as unknown as ApiPromiseClass, client, own, watcher)).toBe(own);
  });
});
