import { describe, expect, it } from 'vitest';
import { responses } from '../../src/models/openai/responses.js';
import type { Json } from '../../src/models/shared/json.js';
import { cuts, REDACT_MAIL, streamEvents } from '../stream/stream-answer.js';
import { WIRES } from '../stream/tool-wires.js';

const MAIL = 'jane@mail.example.com';
const wire = WIRES['openai responses']!;
const deny = (when: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-call }
spec: { at: chunk, when: "${when}", action: { deny: {} }, mode: enforce }
`;

interface BuiltIn {
  item: Json;
  texts: number;
  tool: string | undefined;
  calls: object[];
}

/** Items of the API's own tools, as it writes them, with a text in every place that has one. */
const ITEMS: Record<string, BuiltIn> = {
  'a shell': {
    item: { type: 'shell_call', call_id: 'c', action: { commands: [`mail ${MAIL}`, 'ls'], timeout_ms: null } },
    texts: 1,
    tool: 'shell',
    calls: [
      { name: 'shell', arguments: { command: `mail ${MAIL}` } },
      { name: 'shell', arguments: { command: 'ls' } },
    ],
  },
  'a local shell': {
    item: {
      type: 'local_shell_call',
      call_id: 'c',
      action: { type: 'exec', command: ['bash', '-lc', `mail ${MAIL}`], env: { 'TO.X': MAIL } },
    },
    texts: 2,
    tool: 'local_shell',
    calls: [{ name: 'local_shell', arguments: { command: `bash -lc mail ${MAIL}` } }],
  },
  'a patch': {
    item: {
      type: 'apply_patch_call',
      call_id: 'c',
      operation: { type: 'update_file', path: 'a.txt', diff: `+${MAIL}` },
    },
    texts: 1,
    tool: 'apply_patch',
    calls: [{ name: 'apply_patch', arguments: { type: 'update_file', path: 'a.txt', diff: `+${MAIL}` } }],
  },
  'a deletion': {
    item: { type: 'apply_patch_call', call_id: 'c', operation: { type: 'delete_file', path: `${MAIL}/a` } },
    texts: 1,
    tool: 'apply_patch',
    calls: [{ name: 'apply_patch', arguments: { type: 'delete_file', path: `${MAIL}/a` } }],
  },
  'a computer': {
    item: {
      type: 'computer_call',
      call_id: 'c',
      actions: [
        { type: 'click', button: 'left', x: 1, y: 2 },
        { type: 'type', text: MAIL },
      ],
    },
    texts: 1,
    tool: 'computer',
    calls: [
      { name: 'computer', arguments: { type: 'click', button: 'left', x: 1, y: 2 } },
      { name: 'computer', arguments: { type: 'type', text: MAIL } },
    ],
  },
  'a computer of the preview': {
    item: { type: 'computer_call', call_id: 'c', action: { type: 'type', text: MAIL } },
    texts: 1,
    tool: 'computer',
    calls: [{ name: 'computer', arguments: { type: 'type', text: MAIL } }],
  },
  'a search of the web': {
    item: { type: 'web_search_call', action: { type: 'search', query: MAIL, queries: [MAIL] } },
    texts: 2,
    tool: 'web_search',
    calls: [],
  },
  'a search in a page': {
    item: { type: 'web_search_call', action: { type: 'find_in_page', pattern: MAIL, url: 'https://example.com/' } },
    texts: 1,
    tool: 'web_search',
    calls: [],
  },
  'a search of files': {
    item: { type: 'file_search_call', queries: [MAIL, 'rates'] },
    texts: 1,
    tool: 'file_search',
    calls: [],
  },
  'an image': {
    item: { type: 'image_generation_call', result: 'AA==', revised_prompt: MAIL },
    texts: 1,
    tool: 'image_generation',
    calls: [],
  },
  'the output of a shell': {
    item: {
      type: 'shell_call_output',
      output: [{ stdout: MAIL, stderr: MAIL, outcome: { type: 'exit', exit_code: 0 } }],
    },
    texts: 2,
    tool: undefined,
    calls: [],
  },
  'the output of a program': {
    item: { type: 'program_output', call_id: 'c', result: MAIL },
    texts: 1,
    tool: undefined,
    calls: [],
  },
};

const whole = (item: Json): Json => ({ id: 'r', model: 'm', status: 'completed', output: [{ id: 'i', ...item }] });
const events = (item: Json): Json[] =>
  structuredClone([
    { type: 'response.output_item.added', output_index: 0, item: { id: 'i', ...item } },
    { type: 'response.output_item.done', output_index: 0, item: { id: 'i', ...item } },
    { type: 'response.completed', response: whole(item) },
  ]);
const masked = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(MAIL, '<email>')) as T;

describe.each(Object.entries(ITEMS))('%s of the Responses API', (_name, { item, texts, tool, calls }) => {
  it('is read in a request and in a complete answer', () => {
    const role = tool === undefined ? 'tool' : 'assistant';
    const inside = { role, ...(tool === undefined ? {} : { tool }) };
    const found = Array<object>(texts).fill(expect.objectContaining(inside) as object);
    const answer = responses.answer(whole(item));
    expect(answer.texts!().filter(({ text }) => text.includes(MAIL))).toEqual(found);
    expect(responses.requestTexts({ input: [item] }).filter(({ text }) => text.includes(MAIL))).toEqual(found);
    expect(answer.toolCalls ?? []).toEqual(calls);
  });

  it('is redacted in a streamed answer, everywhere it stands', () => {
    const { out, refusal, problems } = streamEvents(wire, REDACT_MAIL, events(item));
    expect([refusal, problems]).toEqual([null, 0]);
    expect(out).toEqual(masked(events(item)));
  });

  if (calls.length > 0)
    it('is a call, told once, that can be denied by the name of the tool before anything of it goes out', () => {
      const once = streamEvents(wire, deny(`size(toolCalls) > ${calls.length}`), events(item));
      expect(once.refusal).toBeNull();
      const { out, refusal } = streamEvents(wire, deny(`toolCalls.exists(call, call.name == '${tool}')`), events(item));
      expect(refusal).toMatchObject({ guardrail: 'no-call' });
      expect(out).toEqual([]);
    });
});

/** An item whose text comes in pieces, and the texts of it that the application gets. */
interface Pieces {
  events(pieces: readonly string[]): Json[];
  delta: string;
  tool: string;
  item(text: string): Json;
  argument: string;
}
const PIECES: Record<string, Pieces> = {
  commands: {
    events: ([first = '', ...pieces]) => [
      { type: 'response.shell_call_command.added', output_index: 0, command_index: 0, command: first },
      ...pieces.map((delta) => ({
        ...{ type: 'response.shell_call_command.delta', output_index: 0, command_index: 0, delta },
      })),
      {
        ...{ type: 'response.shell_call_command.done', output_index: 0, command_index: 0 },
        command: [first, ...pieces].join(''),
      },
    ],
    delta: 'response.shell_call_command.delta',
    tool: 'shell',
    item: (text) => ({ id: 'i', type: 'shell_call', action: { commands: text === '' ? [] : [text] } }),
    argument: 'command',
  },
  patches: {
    events: (pieces) => [
      ...pieces.map((delta) => ({
        ...{ type: 'response.apply_patch_call_operation_diff.delta', item_id: 'i', output_index: 0, delta },
      })),
      {
        ...{ type: 'response.apply_patch_call_operation_diff.done', item_id: 'i', output_index: 0 },
        diff: pieces.join(''),
      },
    ],
    delta: 'response.apply_patch_call_operation_diff.delta',
    tool: 'apply_patch',
    item: (diff) => ({ id: 'i', type: 'apply_patch_call', operation: { type: 'create_file', path: 'a', diff } }),
    argument: 'diff',
  },
};
const streamed = ({ events: between, item }: Pieces, pieces: readonly string[]): Json[] => {
  const text = pieces.join('');
  return [
    { type: 'response.output_item.added', output_index: 0, item: item('') },
    ...between(pieces),
    { type: 'response.output_item.done', output_index: 0, item: item(text) },
    { type: 'response.completed', response: { output: [item(text)] } },
  ];
};

describe.each(Object.entries(PIECES))('%s that are streamed', (_name, pieces) => {
  const TEXT = `echo ${MAIL} > x`;

  it('are redacted wherever they are cut, and events that repeat them say the same', () => {
    for (const each of cuts(TEXT)) {
      const { out, refusal, problems } = streamEvents(wire, REDACT_MAIL, streamed(pieces, each));
      expect([refusal, problems]).toEqual([null, 0]);
      const clean = TEXT.replace(MAIL, '<email>');
      const said = (out as Json[]).map(({ type, delta, command }) =>
        type === pieces.delta ? delta : type === 'response.shell_call_command.added' ? command : '',
      );
      expect(said.join('')).toBe(clean);
      expect((out as Json[]).slice(-3)).toEqual(streamed(pieces, [clean]).slice(-3));
      expect(JSON.stringify(out)).not.toMatch(/jane|mail\.ex/);
    }
  });

  it('are denied by what the tool is given, and nothing of it goes out', () => {
    const when = `toolCalls.exists(call, call.name == '${pieces.tool}' && call.arguments.${pieces.argument}.contains('> x'))`;
    for (const each of cuts(TEXT)) {
      const { out, refusal } = streamEvents(wire, deny(when), streamed(pieces, each));
      expect(refusal).toMatchObject({ guardrail: 'no-call' });
      expect(JSON.stringify(out)).not.toContain('echo');
    }
    const other = streamEvents(wire, deny(when), streamed(pieces, ['echo', ' > y']));
    expect(other.refusal).toBeNull();
    expect((other.out as Json[]).at(-1)).toEqual(streamed(pieces, ['echo > y']).at(-1));
  });

  it('are told once', () => {
    expect(streamEvents(wire, deny('size(toolCalls) > 1'), streamed(pieces, ['a', 'b'])).refusal).toBeNull();
    expect(streamEvents(wire, deny('size(toolCalls) > 0'), streamed(pieces, ['a', 'b'])).refusal).not.toBeNull();
  });

  it('are changed by a redaction that names their tool, and by none that names another', () => {
    const limited = (tool: string): string =>
      REDACT_MAIL.replace('detections: [mail]', `detections: [mail], tools: [${tool}]`);
    for (const [tool, changed] of [
      [pieces.tool, true],
      ['pay', false],
    ] as const) {
      const { out } = streamEvents(wire, limited(tool), streamed(pieces, [TEXT.slice(0, 9), TEXT.slice(9)]));
      expect(JSON.stringify(out).includes(MAIL)).toBe(!changed);
    }
  });
});

it('redacts what a shell of the provider writes, wherever it is cut', () => {
  const place = { output_index: 0, command_index: 0, item_id: 'i' };
  for (const pieces of cuts(`to ${MAIL} now`)) {
    const output = [{ stdout: pieces.join(''), stderr: '', outcome: { type: 'exit', exit_code: 0 } }];
    const item = { id: 'i', type: 'shell_call_output', output };
    const { out } = streamEvents(wire, REDACT_MAIL, [
      ...pieces.map((stdout) => ({ type: 'response.shell_call_output_content.delta', ...place, delta: { stdout } })),
      { type: 'response.shell_call_output_content.done', ...place, output: structuredClone(output) },
      { type: 'response.output_item.done', output_index: 0, item },
    ]);
    const said = (out as { delta?: { stdout: string } }[]).map(({ delta }) => delta?.stdout ?? '').join('');
    expect(said).toBe('to <email> now');
    expect(JSON.stringify(out)).not.toMatch(/jane|mail\.ex/);
  }
});
