import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import { patchMethods } from '../../src/models/promised/patch-methods.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { METHOD_CLIENTS } from './method-clients/all.js';
import type { MethodClient } from './method-clients/fixture.js';

const SECRET = 'jane.doe@example.com';
const TEXT = `to ${SECRET} now`;

function guard(at: string, on: string): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail-${at} }
spec:
  at: ${at}
  uses: { mail: { detector: pii, on: ${on}, entities: [email] } }
  when: "mail.count > 0"
  action: { redact: { detections: [mail] } }
  mode: enforce
`;
}

let core: GuardCore;
let fed: FeedRecord[];
let undo: (() => void) | undefined;
beforeEach(() => {
  ({ core, fed } = makeCore());
});
afterEach(() => undo?.());

/** An object whose method gives what the test says, patched as the client's own. */
function patched(
  client: MethodClient,
  method: string,
  give: (args: unknown[]) => unknown,
): (...args: unknown[]) => Promise<unknown> {
  const endpoint = client.endpoints.find((each) => each.method === method)!;
  class Fake {
    [name: string]: unknown;
  }
  Object.defineProperty(Fake.prototype, method, {
    value: (...args: unknown[]) => Promise.resolve(give(args)),
    writable: true,
    configurable: true,
  });
  const patch = patchMethods([{ prototype: Fake.prototype, endpoint }], '1', {
    runtime: () => core,
    declare: () => undefined,
  });
  undo = () => patch?.undo();
  return new Fake()[method] as (...args: unknown[]) => Promise<unknown>;
}

async function* listed(chunks: unknown[]): AsyncGenerator<unknown> {
  for (const chunk of chunks) yield await Promise.resolve(structuredClone(chunk));
}

describe.each(METHOD_CLIENTS)('$name', (client) => {
  it('sends every text of a request redacted, and leaves what the application passed as it was', async () => {
    install(core, guardrails(guard('request', 'prompt.text')));
    for (const { method, args, texts } of client.requests(SECRET)) {
      const before = structuredClone(args);
      let sent: unknown[] = [];
      await patched(client, method, (given) => ((sent = given), client.answer('ok').result))(...args);
      undo?.();
      expect(args).toEqual(before);
      const wire = client.readable(sent);
      expect(wire).not.toContain(SECRET);
      expect(wire.split('<email>')).toHaveLength(texts + 1);
    }
  });

  if (client.answerTexts > 0)
    it('reads model, tokens, finish reason and tool calls of an answer, and redacts its texts', async () => {
      install(core, guardrails(guard('response', 'output.text')));
      const { method, args, result } = client.answer(TEXT);
      const given = await patched(client, method, () => structuredClone(result))(...args);
      expect(client.readable(given)).not.toContain(SECRET);
      expect(fed.at(-1)?.attributes).toMatchObject({
        'guardspan.model.name': 'm',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 5,
        'guardspan.redaction.count': client.answerTexts,
      });
    });

  if (client.streams.length > 0)
    it('never lets a part of a finding out of a stream, wherever its pieces are cut, and keeps what is around it', async () => {
      install(core, guardrails(guard('chunk', 'output.text')));
      for (const streamed of client.streams) {
        for (let cut = 0; cut <= TEXT.length; cut++) {
          const chunks = streamed.chunks([TEXT.slice(0, cut), TEXT.slice(cut)]);
          const result = await patched(client, streamed.method, () => client.open(listed(chunks)))(...streamed.args);
          const seen: unknown[] = [];
          for await (const chunk of client.read(result)) seen.push(chunk);
          undo?.();
          expect(streamed.text(seen)).toBe('to <email> now');
        }
        expect(fed.at(-1)?.attributes).toMatchObject({
          'gen_ai.usage.output_tokens': 5,
          'guardspan.disposition': 'enforced',
        });
      }
    });

  if (client.streams.length > 0)
    it('holds nothing back of a stream without findings when it has ended', async () => {
      install(core, guardrails(guard('chunk', 'output.text')));
      const [streamed] = client.streams;
      // The stream ends without the chunk that says so.
      const chunks = streamed!.chunks(['write to ja', 'ne.doe@exam']).slice(0, 2);
      const result = await patched(client, streamed!.method, () => client.open(listed(chunks)))(...streamed!.args);
      const seen: unknown[] = [];
      for await (const chunk of client.read(result)) seen.push(chunk);
      expect(streamed!.text(seen)).toBe('write to jane.doe@exam');
    });
});
