import { describe, expect, it } from 'vitest';
import { cuts, stream, streamEvents } from './stream-answer.js';
import { AS_VALUES, IN_ONE_PIECE, WIRES } from './tool-wires.js';
import type { Asked } from './tool-wires.js';

const LIMITED = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: mail-of-payments }
spec:
  at: chunk
  uses: { mail: { detector: pii, on: output.text, entities: [email] } }
  when: mail.count > 0
  action: { redact: { detections: [mail], tools: [pay, 'send_*'] } }
  mode: enforce
`;
const GIVEN = '{"to":"jane\\u0040mail.example.com","amount":5000,"note":"\\"rent\\" \\ud83d\\ude00 kept"}';
const REDACTED = GIVEN.replace('jane\\u0040mail.example.com', '<email>');
const asked = (name: string, pieces: readonly string[]): Asked => ({ name, pieces });
const source = (client: string, text: string): string =>
  AS_VALUES.includes(client) ? JSON.stringify(JSON.parse(text)) : text;

describe.each(Object.entries(WIRES))('a redaction that names tools, in a streamed answer of %s', (client, wire) => {
  const ways = IN_ONE_PIECE.includes(client) ? [[GIVEN]] : cuts(GIVEN);

  it('changes what these are given, wherever it is cut, and no bit of what others are given', () => {
    for (const pieces of ways) {
      const calls = ['mail', 'pay', 'payment', 'send_money', 'mail'].map((name) => asked(name, pieces));
      const { given, refusal, problems } = stream(wire, LIMITED, calls);
      expect(refusal).toBeNull();
      expect(problems).toBe(0);
      expect(given).toEqual([GIVEN, REDACTED, GIVEN, REDACTED, GIVEN].map((text) => source(client, text)));
    }
  });

  it('stands beside one that names no tool', () => {
    const cards = LIMITED.replace('mail-of-payments', 'cards')
      .replace('[email]', '[credit_card]')
      .replace(", tools: [pay, 'send_*']", '');
    const text = '{"to":"jane@mail.example.com","card":"4111 1111 1111 1111"}';
    const both = text.replace('jane@mail.example.com', '<email>').replace('4111 1111 1111 1111', '<credit_card>');
    const { given } = stream(wire, `${LIMITED}---${cards}`, [asked('mail', [text]), asked('pay', [text])]);
    expect(given).toEqual(
      [text.replace('4111 1111 1111 1111', '<credit_card>'), both].map((each) => source(client, each)),
    );
  });
});

describe('a redaction that names tools', () => {
  const chat = WIRES['openai chat']!;
  const delta = (content: object, finish_reason: string | null = null): object => ({
    choices: [{ index: 0, delta: content, finish_reason }],
  });
  const call = (name: string | undefined, text: string): object =>
    delta({ tool_calls: [{ index: 0, function: { ...(name === undefined ? {} : { name }), arguments: text } }] });
  const argumentsOf = (out: unknown[]): string[] =>
    (out as { choices: { delta: { tool_calls?: { function: { arguments?: string } }[] } }[] }[]).map(
      ({ choices }) => choices[0]!.delta.tool_calls?.[0]!.function.arguments ?? '',
    );

  it('leaves the text of the answer alone', () => {
    const texts = [...'Write to jane@mail.example.com.'].map((content) => delta({ content }));
    const { out } = streamEvents(chat, LIMITED, [...texts, delta({}, 'stop')]);
    const content = (out as { choices: { delta: { content?: string } }[] }[]).map((e) => e.choices[0]!.delta.content);
    expect(content.join('')).toBe('Write to jane@mail.example.com.');
  });

  it('holds what a tool is given until the name of the tool is known', () => {
    for (const [name, expected] of [
      ['pay', REDACTED],
      ['mail', GIVEN],
    ] as const) {
      const half = GIVEN.length - 10;
      const events = [call(undefined, GIVEN.slice(0, half)), call(name, GIVEN.slice(half)), delta({}, 'tool_calls')];
      const given = argumentsOf(streamEvents(chat, LIMITED, events).out);
      expect(given[0]).toBe('');
      expect(given.join('')).toBe(expected);
    }
  });

  it('takes a tool whose name nobody says for one of them', () => {
    const events = [...[...GIVEN].map((char) => call(undefined, char)), delta({}, 'tool_calls')];
    expect(argumentsOf(streamEvents(chat, LIMITED, events).out).join('')).toBe(REDACTED);
  });

  it('refuses more than may wait for a name', () => {
    const events = [call(undefined, `{"note":"${'x'.repeat(300)}"}`), delta({}, 'tool_calls')];
    const { out, refusal } = streamEvents(chat, LIMITED, events, 100);
    expect(refusal).not.toBeNull();
    expect(out).toEqual([]);
  });

  it('tells equal arguments of two tools apart where a provider repeats them', () => {
    const responses = WIRES['openai responses']!;
    for (const names of [
      ['pay', 'mail'],
      ['mail', 'pay'],
    ]) {
      const { given } = stream(
        responses,
        LIMITED,
        names.map((name) => asked(name, [GIVEN])),
      );
      expect(given).toEqual(names.map((name) => (name === 'pay' ? REDACTED : GIVEN)));
    }
  });
});
