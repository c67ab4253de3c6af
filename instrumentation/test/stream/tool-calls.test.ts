import { describe, expect, it } from 'vitest';
import { cuts, stream } from './stream-answer.js';
import { IN_ONE_PIECE, WIRES } from './tool-wires.js';
import type { Asked } from './tool-wires.js';

function documentOf(when: string, action: string, uses = '{}'): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tools }
spec: { at: chunk, uses: ${uses}, when: "${when}", action: ${action}, mode: enforce }
`;
}

const LOOK: Asked = { name: 'look_up', pieces: ['{"city":', '"Oslo"}'] };
const PAY = '{"to":"jane\\u0040mail.example.com","amount":5000,"note":"\\"rent\\""}';

describe.each(Object.entries(WIRES))('calls of tools in a streamed answer of %s', (client, wire) => {
  const ways = IN_ONE_PIECE.includes(client) ? [[PAY]] : cuts(PAY);

  it('ends the answer at a call that is denied by name, before any of its arguments goes out', () => {
    const document = documentOf("toolCalls.exists(call, call.name == 'pay')", '{ deny: { status: 451 } }');
    for (const pieces of ways) {
      const { given, refusal, problems } = stream(wire, document, [LOOK, { name: 'pay', pieces }]);
      expect(refusal).toMatchObject({ guardrail: 'tools', status: 451 });
      // Calls that were complete before are whole, or wait for the end of the choice and do not go out either.
      expect(['', whole(LOOK)]).toContain(given[0] ?? '');
      expect(given[1] ?? '').toBe('');
      expect(problems).toBe(0);
    }
    expect(stream(wire, document, [LOOK, { ...LOOK, name: 'payments' }]).refusal).toBeNull();
  });

  it('judges arguments when they are complete, wherever they are cut', () => {
    const over = (limit: number): string =>
      documentOf(`toolCalls.exists(call, call.name == 'pay' && call.arguments.amount > ${limit}.0)`, '{ deny: {} }');
    for (const pieces of ways) {
      const calls = [{ name: 'pay', pieces }];
      const denied = stream(wire, over(4000), calls);
      expect(denied.refusal).toMatchObject({ guardrail: 'tools' });
      expect(denied.given.join('')).toBe('');
      const allowed = stream(wire, over(6000), calls);
      expect(allowed.refusal).toBeNull();
      expect(allowed.given).toHaveLength(1);
      expect(JSON.parse(allowed.given[0]!)).toEqual(JSON.parse(PAY));
    }
  });

  it('redacts the arguments of a call that is named and leaves valid JSON', () => {
    const document = documentOf(
      "toolCalls.exists(call, call.name == 'pay') && mail.count > 0",
      '{ redact: { detections: [mail] } }',
      '{ mail: { detector: pii, on: output.text, entities: [email] } }',
    );
    for (const pieces of ways) {
      const { given, refusal } = stream(wire, document, [{ name: 'pay', pieces }]);
      expect(refusal).toBeNull();
      expect(JSON.parse(given[0]!)).toEqual({
        ...(JSON.parse(PAY) as object),
        to: expect.not.stringContaining('jane'),
      });
      const other = stream(wire, document, [{ name: 'mail', pieces }]);
      expect(JSON.parse(other.given[0]!)).toEqual(JSON.parse(PAY));
    }
    // From that call on: what other tools are given after it is redacted, too.
    const after = ['pay', 'mail'].map((name) => ({ name, pieces: [PAY] }));
    for (const given of stream(wire, document, after).given) expect(JSON.parse(given)).not.toEqual(JSON.parse(PAY));
  });

  it('lets arguments pass as they come when no guard-rail reads calls of tools', () => {
    const document = documentOf(
      'mail.count > 0',
      '{ deny: {} }',
      '{ mail: { detector: pii, on: output.text, entities: [credit_card] } }',
    );
    expect(stream(wire, document, [LOOK, LOOK])).toMatchObject({ refusal: null, given: [LOOK, LOOK].map(whole) });
  });
});

function whole({ pieces }: Asked): string {
  return pieces.join('');
}

describe('arguments of a streamed call that are longer than may wait', () => {
  const wire = WIRES['openai chat']!;
  const calls = [{ name: 'pay', pieces: ['{"note":"', 'x'.repeat(300), '"}'] }];
  const document = (onError: string): string =>
    `${documentOf("toolCalls.exists(call, call.name == 'other')", '{ deny: {} }').trimEnd().replace(/ \}$/, `, onError: ${onError} }`)}\n`;

  it('are refused, because nobody has judged them', () => {
    const { given, refusal } = stream(wire, document('deny'), calls, 100);
    expect(refusal).not.toBeNull();
    expect(given.join('')).toBe('');
  });

  it('go out unjudged where the document says so', () => {
    const { given, refusal } = stream(wire, document('allow'), calls, 100);
    expect(refusal).toBeNull();
    expect(given[0]).toBe(whole(calls[0]!));
  });
});
