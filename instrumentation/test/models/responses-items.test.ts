import { describe, expect, it } from 'vitest';
import { responses } from '../../src/models/openai/responses.js';
import { REDACT_MAIL, streamEvents } from '../stream/stream-answer.js';
import { WIRES } from '../stream/tool-wires.js';

const MAIL = 'jane@mail.example.com';
const NO_PAY = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-pay }
spec: { at: chunk, when: "toolCalls.exists(call, call.name == 'pay')", action: { deny: {} }, mode: enforce }
`;

/** Items of the output that call a tool, or ask for it, as the API writes them. */
const CALLS: [string, object][] = [
  ['function_call', { name: 'pay', arguments: '{"amount":5}' }],
  ['mcp_call', { name: 'pay', arguments: '{"amount":5}', server_label: 'bank' }],
  ['mcp_approval_request', { name: 'pay', arguments: '{"amount":5}', server_label: 'bank' }],
  ['custom_tool_call', { name: 'pay', input: '{"amount":5}', call_id: 'c' }],
];

/** Items that say what a tool of the provider came back with. */
const RESULTS: [string, object][] = [
  ['mcp_call', { name: 'look', arguments: '{}', output: `found ${MAIL}` }],
  ['code_interpreter_call', { code: 'x', outputs: [{ type: 'logs', logs: `printed ${MAIL}` }] }],
  ['file_search_call', { queries: [], results: [{ file_id: 'f', text: `says ${MAIL}` }] }],
];

const whole = (type: string, item: object): object => ({
  id: 'r',
  model: 'm',
  status: 'completed',
  output: [{ id: 'i', type, ...item }],
});
const events = (type: string, item: object): object[] => [
  { type: 'response.output_item.added', output_index: 0, item: { id: 'i', type, ...item } },
  { type: 'response.output_item.done', output_index: 0, item: { id: 'i', type, ...item } },
  { type: 'response.completed', response: whole(type, item) },
];
const wire = WIRES['openai responses']!;

describe.each(CALLS)('an item %s of the Responses API', (type, item) => {
  it('is a call of a tool in a complete answer', () => {
    expect(responses.answer(whole(type, item) as never).toolCalls).toEqual([{ name: 'pay', arguments: { amount: 5 } }]);
  });

  it('is denied by the name of the tool in a streamed one', () => {
    const { out, refusal } = streamEvents(wire, NO_PAY, events(type, item));
    expect(refusal).toMatchObject({ guardrail: 'no-pay' });
    expect(JSON.stringify(out)).not.toContain('amount');
  });

  it('passes when the tool is another one', () => {
    const { out, refusal } = streamEvents(wire, NO_PAY, events(type, { ...item, name: 'look' }));
    expect(refusal).toBeNull();
    expect(out).toEqual(events(type, { ...item, name: 'look' }));
  });
});

describe.each(RESULTS)('what the tool of an item %s came back with', (type, item) => {
  it('is a text of a complete answer', () => {
    const texts = responses.answer(whole(type, item) as never).texts!();
    expect(texts.find(({ text }) => text.includes(MAIL))).toMatchObject({ role: 'tool' });
  });

  it('is redacted in a streamed one, everywhere it stands', () => {
    const { out, refusal } = streamEvents(wire, REDACT_MAIL, events(type, item));
    expect(refusal).toBeNull();
    expect(out).toEqual(JSON.parse(JSON.stringify(events(type, item)).replaceAll(MAIL, '<email>')));
  });
});
