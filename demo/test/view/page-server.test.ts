import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createState } from '../../src/scenario/run-scenario.js';
import { startPage } from '../../src/view/page-server.js';

const state = createState('direct', 'http://127.0.0.1:7420');
let page: Awaited<ReturnType<typeof startPage>>;
beforeEach(async () => {
  page = await startPage(state);
});
afterEach(() => page.close());

describe('live page', () => {
  it('is one document that loads nothing from elsewhere', async () => {
    const response = await fetch(page.url);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await response.text();
    expect(html).not.toMatch(/(?:src|href)=["']https?:/);
    expect(html).toContain('color-scheme: light dark');
  });

  it('streams the state, newest first at once', async () => {
    state.tally.calls = 4711;
    const response = await fetch(`${page.url}events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const [, data] = /^data: (.+)\n\n/.exec(Buffer.from(value!).toString('utf8'))!;
    expect(JSON.parse(data!)).toMatchObject({ path: 'direct', tally: { calls: 4711 } });
  });

  it('serves nothing else', async () => {
    expect((await fetch(`${page.url}../package.json`)).status).toBe(404);
  });
});
