import { describe, expect, it } from 'vitest';
import { editInPlace } from '../../src/actions/text-paths.js';
import { chatCompletions } from '../../src/models/openai/chat-completions.js';
import { responses } from '../../src/models/openai/responses.js';
import { ChatRewriter } from '../../src/models/openai/stream/chat-rewriter.js';
import { ResponseRewriter } from '../../src/models/openai/stream/response-rewriter.js';
import { cuts, REDACT_MAIL as REDACT, streamEvents } from './stream-answer.js';
import type { Wire } from './tool-wires.js';

const DENY = REDACT.replace('redact: { detections: [mail] }', 'deny: {}');
const SECRET = 'jane@mail.example.com';
const TEXT = `Write to ${SECRET}, and that is all.`;
const CLEAN = TEXT.replace(SECRET, '<email>');
const STREAMED: Pick<Wire, 'rewriter'> = { rewriter: (guard) => new ChatRewriter(guard, {}) };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

/** How a server writes a piece of a text into a delta, and where the same text stands in a delta that the application gets. */
interface Form {
  delta(piece: string): object;
  read(delta: Loose): string[];
  /** Where the text stands in a complete message. */
  path: string;
}
const parts = (list: unknown): Loose[] => (Array.isArray(list) ? (list as Loose[]) : []);
const textPart = (text: string): object => ({ type: 'text', text });
const FORMS: Readonly<Record<string, Form>> = {
  'content as parts': {
    delta: (piece) => ({ content: [textPart(piece)] }),
    read: ({ content }) => parts(content).map(({ text }: Loose) => text as string),
    path: 'content.0.text',
  },
  'content as a list of texts': {
    delta: (piece) => ({ content: [piece] }),
    read: ({ content }) => parts(content) as string[],
    path: 'content.0',
  },
  'thoughts among the parts': {
    delta: (piece) => ({ content: [{ type: 'thinking', thinking: [textPart(piece)] }] }),
    read: ({ content }) =>
      parts(content).flatMap(({ thinking }: Loose) => parts(thinking).map(({ text }: Loose) => text as string)),
    path: 'content.0.thinking.0.text',
  },
  'a refusal among the parts': {
    delta: (refusal) => ({ content: [{ type: 'refusal', refusal }] }),
    read: ({ content }) => parts(content).map(({ refusal }: Loose) => refusal as string),
    path: 'content.0.refusal',
  },
  reasoning_content: {
    delta: (reasoning_content) => ({ reasoning_content }),
    read: ({ reasoning_content }) => [reasoning_content as string],
    path: 'reasoning_content',
  },
  reasoning: {
    delta: (reasoning) => ({ reasoning }),
    read: ({ reasoning }) => [reasoning as string],
    path: 'reasoning',
  },
  'reasoning_details with text': {
    delta: (text) => ({ reasoning_details: [{ type: 'reasoning.text', text, index: 0, format: 'unknown' }] }),
    read: ({ reasoning_details }) => parts(reasoning_details).map(({ text }: Loose) => text as string),
    path: 'reasoning_details.0.text',
  },
  'reasoning_details with a summary': {
    delta: (summary) => ({ reasoning_details: [{ type: 'reasoning.summary', summary, index: 0 }] }),
    read: ({ reasoning_details }) => parts(reasoning_details).map(({ summary }: Loose) => summary as string),
    path: 'reasoning_details.0.summary',
  },
  'the transcript of audio': {
    delta: (transcript) => ({ audio: { id: 'a', transcript } }),
    read: ({ audio }) => [audio?.transcript as string],
    path: 'audio.transcript',
  },
};

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const deltas = (out: readonly unknown[]): Loose[] =>
  (out as { choices: { delta: object }[] }[]).map(({ choices }) => choices[0]!.delta);

describe.each(Object.entries(FORMS))('%s of a streamed answer', (_name, { delta, read, path }) => {
  const got = (out: readonly unknown[]): string =>
    deltas(out)
      .flatMap(read)
      .map((text) => text ?? '')
      .join('');

  it('goes through the guard, wherever it is cut, with an end of the answer and without', () => {
    for (const pieces of cuts(TEXT)) {
      for (const end of [[chunk({}, 'stop')], []]) {
        const events = [...pieces.map((piece) => chunk(delta(piece))), ...end];
        const { out, refusal, problems } = streamEvents(STREAMED, REDACT, events);
        expect([got(out), refusal, problems]).toEqual([CLEAN, null, 0]);
      }
      // A secret that the answer ends with waits to the end.
      const last = cuts(`To ${SECRET}`).find((each) => each.length === 2)!;
      const ended = streamEvents(STREAMED, REDACT, [...last.map((piece) => chunk(delta(piece))), chunk({}, 'stop')]);
      expect(got(ended.out)).toBe('To <email>');
    }
  });

  it('ends the answer when a guard-rail denies it, before any of the finding is out', () => {
    for (const pieces of cuts(TEXT)) {
      const { out, refusal } = streamEvents(STREAMED, DENY, [...pieces.map((piece) => chunk(delta(piece)))]);
      expect(refusal).not.toBeNull();
      expect('Write to ').toContain(got(out));
    }
  });

  it('is what the collected answer says, for guard-rails at the end of it', () => {
    const collector = chatCompletions.collector!();
    for (const piece of [...TEXT]) collector.add(chunk(delta(piece)));
    expect(collector.answer().texts!().map(({ text }) => text)).toEqual([TEXT]);
  });

  it('is a text of a complete answer that can be changed in its place', () => {
    const data = { choices: [{ index: 0, message: delta(TEXT), finish_reason: 'stop' }] };
    const [text] = chatCompletions.answer(data).texts!();
    expect(text).toMatchObject({ path: `choices.0.message.${path}`, text: TEXT });
    const redaction = { path: text!.path, start: TEXT.indexOf(SECRET), end: TEXT.indexOf(SECRET) + SECRET.length };
    editInPlace(data, [{ ...redaction, replacement: '<email>', entity: 'email' } as never]);
    expect(read(data.choices[0]!.message).join('')).toBe(CLEAN);
  });

  it('is a text of a request that repeats it', () => {
    const texts = chatCompletions.requestTexts!({ messages: [{ role: 'assistant', ...delta(TEXT) }] });
    expect(texts.map((each) => each.path)).toEqual([`messages.0.${path}`]);
  });
});

describe('an answer whose content comes in several forms', () => {
  it('is one text to the guard', () => {
    for (const [first, second] of cuts(TEXT).filter((each) => each.length === 2)) {
      for (const events of [
        [chunk({ content: first }), chunk({ content: [textPart(second!)] })],
        [chunk({ content: [textPart(first!)] }), chunk({ content: second })],
        [chunk({ content: [textPart(first!), textPart(second!)] })],
      ]) {
        const { out } = streamEvents(STREAMED, REDACT, [...events, chunk({}, 'stop')]);
        const texts = deltas(out).flatMap(({ content }) =>
          typeof content === 'string' ? [content] : parts(content).map(({ text }: Loose) => text as string),
        );
        expect(texts.join('')).toBe(CLEAN);
      }
    }
  });

  it('keeps what nobody changed as it came', () => {
    const events = [
      { content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }, textPart('plain. ')] },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', index: 0 }] },
      { audio: { data: 'UklGRg==' } },
      { content: null, audio: { expires_at: 1 } },
    ].map((delta) => chunk(delta));
    const { out } = streamEvents(STREAMED, REDACT, structuredClone(events));
    expect(out).toEqual(events);
  });
});

describe('audio', () => {
  const said = (piece: string): object => chunk({ audio: { transcript: piece } });
  const sound = (): object => chunk({ audio: { data: 'UklGRg==' } });

  it('goes out until its transcript was changed, and not after it', () => {
    const events = [said('Write to '), sound(), said(`${SECRET}, `), sound(), said('and that is all.'), sound()];
    const { out } = streamEvents(STREAMED, REDACT, structuredClone(events));
    const data = deltas(out).flatMap(({ audio }) => (audio?.data === undefined ? [] : [audio.data as string]));
    expect(data).toEqual(['UklGRg==', '', '']);
  });

  it('of a complete answer is taken away with what was cut out of its transcript, and only with that', () => {
    for (const [path, data] of [
      ['choices.0.message.audio.transcript', ''],
      ['choices.0.message.content', 'UklGRg=='],
    ]) {
      const answer = { choices: [{ message: { content: 'x', audio: { transcript: 'y', data: 'UklGRg==' } } }] };
      chatCompletions.afterRedaction!(answer, [{ path: path! }]);
      expect(answer.choices[0]!.message.audio.data).toBe(data);
    }
  });
});

describe('the transcript of audio of the Responses API', () => {
  it('goes through the guard, wherever it is cut, and in the response that repeats it', () => {
    const wire: Pick<Wire, 'rewriter'> = { rewriter: (guard) => new ResponseRewriter(guard, {}) };
    for (const pieces of cuts(TEXT)) {
      const part = { type: 'output_audio', transcript: TEXT };
      const { out } = streamEvents(wire, REDACT, [
        ...pieces.map((delta) => ({ type: 'response.audio.transcript.delta', response_id: 'r', delta })),
        { type: 'response.audio.transcript.done', response_id: 'r' },
        { type: 'response.completed', response: { output: [{ type: 'message', content: [part] }] } },
      ]);
      const events = out as Loose[];
      expect(events.map(({ delta }) => (delta as string | undefined) ?? '').join('')).toBe(CLEAN);
      expect(events.find(({ type }) => type === 'response.audio.transcript.done')).not.toHaveProperty('transcript');
      expect(events.at(-1).response.output[0].content[0].transcript).toBe(CLEAN);
    }
  });

  it('ends the audio that follows, once something was cut out of it', () => {
    const wire: Pick<Wire, 'rewriter'> = { rewriter: (guard) => new ResponseRewriter(guard, {}) };
    const said = (delta: string): object => ({ type: 'response.audio.transcript.delta', response_id: 'r', delta });
    const sound = (): object => ({ type: 'response.audio.delta', response_id: 'r', delta: 'UklGRg==' });
    const part = { type: 'output_audio', transcript: `Write to ${SECRET}, and that is all.`, data: 'UklGRg==' };
    const heard = (out: unknown[]): unknown[] =>
      (out as Loose[]).filter(({ type }) => type === 'response.audio.delta').map(({ delta }) => delta as string);
    const calm = streamEvents(wire, REDACT, [said('Write '), sound(), said('to me.'), sound()]);
    expect(heard(calm.out)).toEqual(['UklGRg==', 'UklGRg==']);
    const { out } = streamEvents(wire, REDACT, [
      ...[said('Write to '), sound(), said(`${SECRET}, `), sound(), said('and that is all.'), sound()],
      { type: 'response.audio.transcript.done', response_id: 'r' },
      { type: 'response.completed', response: { output: [{ type: 'message', content: [part] }] } },
    ]);
    expect(heard(out)).toEqual(['UklGRg==', '', '']);
    expect((out as Loose[]).at(-1).response.output[0].content[0].data).toBe('');
  });

  it('takes the audio of a complete answer with it, when something was cut out', () => {
    for (const [field, data] of [
      ['transcript', ''],
      ['text', 'UklGRg=='],
    ]) {
      const content = [{ type: 'output_audio', text: 'x', transcript: 'y', data: 'UklGRg==' }];
      responses.afterRedaction!({ output: [{ content }] }, [{ path: `output.0.content.0.${field!}` }]);
      expect(content[0]!.data).toBe(data);
    }
  });

  it('is a text of a complete answer', () => {
    const output = [{ type: 'message', content: [{ type: 'output_audio', transcript: TEXT }] }];
    expect(responses.answer({ output }).texts!()).toMatchObject([
      { path: 'output.0.content.0.transcript', text: TEXT },
    ]);
  });
});
