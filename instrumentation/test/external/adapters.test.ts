import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { judgeDetector } from '../../src/external/judge-detector.js';
import { presidioDetector } from '../../src/external/presidio-detector.js';

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

interface Asked {
  path: string;
  authorization: string;
  body: Record<string, unknown>;
}

/** A stand-in service: answers with what `answer` makes of a request. */
async function start(answer: (asked: Asked) => unknown, status = 200): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      const one = { path: request.url ?? '', authorization: request.headers.authorization ?? '', body };
      asked.push(one);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(one)));
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const question = (text: string, entities: string[] = []) => ({
  parts: [{ path: 'p', role: 'user', text }],
  entities,
  minScore: 0.5,
});
const signal = new AbortController().signal;

describe("Presidio's analyzer", () => {
  it('is asked as its API says, and its code points become code units', async () => {
    const { url, asked } = await start(() => [{ entity_type: 'PERSON', start: 2, end: 6, score: 0.85 }]);
    const detector = presidioDetector({ name: 'names', url: `${url}/`, language: 'de' });
    const found = await detector.detect(question('😀 Jane', ['PERSON']), signal);
    expect(found).toEqual([{ path: 'p', entity: 'PERSON', start: 3, end: 7, score: 0.85 }]);
    expect(asked).toMatchObject([
      { path: '/analyze', body: { text: '😀 Jane', language: 'de', score_threshold: 0.5, entities: ['PERSON'] } },
    ]);
  });

  it('fails with an answer that is no success', async () => {
    const { url } = await start(() => ({ error: 'x' }), 500);
    await expect(presidioDetector({ name: 'names', url }).detect(question('Jane'), signal)).rejects.toThrow('500');
  });
});

describe('a judge behind the chat-completions API', () => {
  const categories = { toxicity: 'insults somebody', politics: 'is about politics' };
  const says = (content: string) => () => ({ choices: [{ message: { role: 'assistant', content } }] });

  it('scores the text by category; the text is data', async () => {
    const { url, asked } = await start(says('{"toxicity": 0.9, "politics": 0.1}'));
    const detector = judgeDetector({ name: 'judge', url: `${url}/v1`, model: 'm', categories, apiKey: 'k' });
    const found = await detector.detect(question('you "fool"'), signal);
    expect(found).toEqual([{ path: '', entity: 'toxicity', start: 0, end: 0, score: 0.9 }]);
    const messages = asked[0]!.body['messages'] as { role: string; content: string }[];
    expect(asked[0]).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer k', body: { model: 'm' } });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(JSON.parse(messages[1]!.content)).toEqual({ text: 'you "fool"' });
  });

  it.each(['no JSON', '{"toxicity": 0.9}', '{"toxicity": "high", "politics": 0}'])(
    'fails when it says %s',
    async (content) => {
      const { url } = await start(says(content));
      const detector = judgeDetector({ name: 'judge', url, model: 'm', categories });
      await expect(detector.detect(question('x'), signal)).rejects.toThrow();
    },
  );

  it('fails rather than look at a part of a text', async () => {
    const detector = judgeDetector({ name: 'judge', url: 'http://127.0.0.1:9', model: 'm', categories });
    await expect(detector.detect(question('x'.repeat(32_001)), signal)).rejects.toThrow('too long');
  });
});
