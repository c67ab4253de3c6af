import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelServer } from '../../src/assistant/model-server.js';
import { startModelServer } from '../../src/assistant/model-server.js';

let server: ModelServer;
let client: OpenAI;
beforeEach(async () => {
  server = await startModelServer(() => 0.5);
  server.behaviour('m').latency = 0;
  client = new OpenAI({ apiKey: 'none', baseURL: server.url, maxRetries: 0 });
});
afterEach(() => server.close());

const messages = [{ role: 'user' as const, content: 'a question' }];

describe('model server', () => {
  it("answers the official client's call with usage", async () => {
    server.behaviour('m').outputTokens = 77;
    const answer = await client.chat.completions.create({ model: 'm', messages });
    expect(answer).toMatchObject({ model: 'm', usage: { prompt_tokens: 3, completion_tokens: 77, total_tokens: 80 } });
    expect(answer.choices[0]!.message.content).not.toBe('');
  });

  it('streams the same text, and its usage in the last chunk', async () => {
    const whole = await client.chat.completions.create({ model: 'm', messages });
    const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
    let text = '';
    let tokens = 0;
    let chunks = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
      chunks += 1;
    }
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(chunks).toBeGreaterThan(3);
    expect(tokens).toBe(43);
  });

  it('fails as often as it is told', async () => {
    server.behaviour('m').errorRate = 1;
    await expect(client.chat.completions.create({ model: 'm', messages })).rejects.toMatchObject({ status: 500 });
  });

  it('remembers each prompt as it arrived', async () => {
    await client.chat.completions.create({ model: 'm', messages });
    expect(server.received).toEqual([{ model: 'm', text: 'a question' }]);
  });
});
