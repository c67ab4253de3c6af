import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadGuardrails } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { createPoster } from '../../src/alert/create-poster.js';
import { signWebhook } from '../../src/alert/webhook/sign-webhook.js';
import { WebhookQueue } from '../../src/alert/webhook/webhook-queue.js';
import { bookOf, change, guarded } from './support.js';

/** Texts that would begin a line, a header, a template, markup or a command somewhere. */
const HOSTILE = 'acme\r\nX-Evil: 1\r\n\r\n[RESOLVED] "all" is {{ .Well }} $(id) `id` \u001b[2J \u202e\u2028';

describe('texts from calls in alerts', () => {
  it('stand on one line, written out and cut', () => {
    const { book } = bookOf([guarded('gap')]);
    book.onTransition(change('gap', 'firing', 100, HOSTILE));
    book.onTransition(change('gap', 'firing', 100, 'x'.repeat(10_000)));
    const { annotations } = book.alerts()[0]!;
    for (const [name, text] of Object.entries(annotations)) {
      expect(text, name).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
      expect(text.length, name).toBeLessThan(1000);
    }
    expect(annotations['description']).toContain('model=acme\\r\\nX-Evil: 1');
    // Nothing of a call stands in the command that people copy.
    expect(annotations['kill_command']).not.toContain('acme');
  });

  it('cannot come from a guard-rail: its names and labels are of one line', () => {
    const document = (name: string, owner: string): string =>
      JSON.stringify({
        apiVersion: 'guardspan/v1alpha1',
        kind: 'Guardrail',
        metadata: { name, labels: { owner } },
        spec: { at: 'request', when: 'streamed', action: { deny: {} } },
      });
    const errors = (name: string, owner: string): string[] =>
      loadGuardrails(document(name, owner), { file: 'x.json' }).errors.map(({ code, path }) => `${code} ${path}`);
    expect(errors('plain', 'team "a" {{ }}')).toEqual([]);
    for (const text of ["x'; id", 'x\ny', 'x"y', '{{x}}', 'x y'])
      expect(errors(text, '')).toEqual(['GUARDSPAN_DOC_VALUE metadata.name']);
    for (const text of ['a\r\nb', 'a\u0000', 'a\u2028b', 'a\u001b[2J'])
      expect(errors('plain', text)).toEqual(['GUARDSPAN_DOC_VALUE metadata.labels.owner']);
  });
});

describe('a webhook about a hostile text', () => {
  it('is one JSON value that says exactly that text, with the headers that we make', async () => {
    const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ headers: request.headers, body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const none = { user: '', passwordFile: '', tokenFile: '', caFile: '', certFile: '', keyFile: '' };
    const { post, close } = createPoster({ url, ...none, headers: {}, timeout: 5 });
    const sent = new Promise<void>((resolve, reject) => {
      const queue = new WebhookQueue({
        ...{ urls: [url], now: () => 1_700_000_000, random: () => 0, newId: () => '1' },
        send: (row) => post(row.body, signWebhook(row, [Buffer.alloc(32)], 1_700_000_000)),
        store: { putWebhooks: () => Promise.resolve(), webhooks: () => Promise.resolve([]) },
        onSent: resolve,
        onFailed: ({ reason }) => reject(new Error(reason)),
        onError: reject,
      });
      queue.enqueue('verdict', 1_700_000_000, { message: HOSTILE, [HOSTILE]: HOSTILE });
    });
    try {
      await sent;
      expect(seen).toHaveLength(1);
      expect(Object.keys(seen[0]!.headers).sort()).toEqual([
        ...['connection', 'content-length', 'content-type', 'host'],
        ...['webhook-id', 'webhook-signature', 'webhook-timestamp'],
      ]);
      expect(seen[0]!.body).not.toMatch(/[\r\n]/);
      expect((JSON.parse(seen[0]!.body) as { data: unknown }).data).toEqual({ message: HOSTILE, [HOSTILE]: HOSTILE });
    } finally {
      close();
      server.close();
    }
  });
});
