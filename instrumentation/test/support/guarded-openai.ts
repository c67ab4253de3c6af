import OpenAI, { APIPromise } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Patch, PatchHost } from '../../src/loader/patch.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { startOpenAIStub } from './openai-stub.js';
import type { OpenAIStub } from './openai-stub.js';

/** A client of `openai`, patched, and the local server that it asks; both are there while tests run. */
export interface GuardedOpenAI {
  client: OpenAI;
  stub: OpenAIStub;
}

/** Starts the server for the tests of a file, and patches the client before each test for the host that it begins with. The server has received nothing then. */
export function guardedOpenAI(hostOf: () => PatchHost): GuardedOpenAI {
  const guarded = {} as GuardedOpenAI;
  let patch: Patch | null;
  beforeAll(async () => {
    guarded.stub = await startOpenAIStub();
    guarded.client = new OpenAI({ apiKey: 'test', baseURL: guarded.stub.baseURL, maxRetries: 0 });
  });
  afterAll(() => guarded.stub.close());
  beforeEach(() => {
    guarded.stub.received.length = 0;
    patch = patchOpenAI({ OpenAI, APIPromise }, '7', hostOf());
  });
  afterEach(() => patch?.undo());
  return guarded;
}
