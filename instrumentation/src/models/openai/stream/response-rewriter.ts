import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../../actions/errors.js';
import type { ChunkRewriter } from '../../../stream/observe-stream.js';
import type { StreamGuard } from '../../../stream/stream-guard.js';
import type { Json } from '../../shared/json.js';
import { listOf, objectOf, textOf, toolCall } from '../../shared/json.js';
import { builtInCalls, builtInTexts, PATCH_TOOL, patchCall, SHELL_TOOL, shellCall } from '../built-in-tools.js';
import { SpokenAudio } from './spoken-audio.js';

const COMMAND = 'response.shell_call_command.delta';
const COMMAND_ADDED = 'response.shell_call_command.added';
const PATCH = 'response.apply_patch_call_operation_diff.delta';
const SHELL_OUTPUT = 'response.shell_call_output_content.delta';
const TRANSCRIPT = 'response.audio.transcript.delta';

/** Events that add to a text, with the field of the event that later holds the whole text, and whether the text is JSON source. */
const DELTAS: Readonly<Record<string, { done: string; field: string; json: boolean }>> = {
  'response.output_text.delta': { done: 'response.output_text.done', field: 'text', json: false },
  'response.refusal.delta': { done: 'response.refusal.done', field: 'refusal', json: false },
  'response.function_call_arguments.delta': {
    done: 'response.function_call_arguments.done',
    field: 'arguments',
    json: true,
  },
  'response.mcp_call_arguments.delta': { done: 'response.mcp_call_arguments.done', field: 'arguments', json: true },
  'response.custom_tool_call_input.delta': {
    done: 'response.custom_tool_call_input.done',
    field: 'input',
    json: false,
  },
  // The event that ends a transcript says nothing of it.
  [TRANSCRIPT]: { done: 'response.audio.transcript.done', field: 'transcript', json: false },
  'response.reasoning_text.delta': { done: 'response.reasoning_text.done', field: 'text', json: false },
  'response.reasoning_summary_text.delta': {
    done: 'response.reasoning_summary_text.done',
    field: 'text',
    json: false,
  },
  'response.code_interpreter_call_code.delta': {
    done: 'response.code_interpreter_call_code.done',
    field: 'code',
    json: false,
  },
  [COMMAND]: { done: 'response.shell_call_command.done', field: 'command', json: false },
  [PATCH]: { done: 'response.apply_patch_call_operation_diff.done', field: 'diff', json: false },
};
const DONE = new Map(Object.entries(DELTAS).map(([delta, { done, field, json }]) => [done, { delta, field, json }]));

/** Items that call a tool, or ask whether it may be called, with the event that adds to what the tool is given. */
const TOOLS: Readonly<Record<string, string>> = {
  function_call: 'response.function_call_arguments.delta',
  mcp_call: 'response.mcp_call_arguments.delta',
  mcp_approval_request: 'response.mcp_call_arguments.delta',
  custom_tool_call: 'response.custom_tool_call_input.delta',
};

/** The provider's own tool that runs code, which has no name in its calls. */
export const CODE_TOOL = 'code_interpreter';
const CODE = 'response.code_interpreter_call_code.delta';
/** Events that add to what a tool is given. */
const GIVEN = new Set([...Object.values(TOOLS), CODE, COMMAND, PATCH]);
/** Tools of the provider's own by the events that add to what they are given. */
const BUILT_IN: Readonly<Record<string, string>> = { [CODE]: CODE_TOOL, [COMMAND]: SHELL_TOOL, [PATCH]: PATCH_TOOL };

/** What the application has been given of a text, and the last event that added to it. */
interface Sent {
  /** The tool that is given the text; undefined when it is for none. */
  tool: string | undefined;
  text: string;
  /** As the provider wrote it. */
  original: string;
  event: Json;
  /** The event of the same kind with another text; absent where it is the field `delta`. */
  late?: (text: string) => Json;
}

/**
 * Sends the texts of the events of the Responses API through the guard. The events that repeat a whole text (`.done`, items, the response itself) come to
 * say what was released; a text that is repeated without ever having been streamed goes through the guard as one piece.
 */
export class ResponseRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #sent = new Map<string, Sent>();
  /** Whole texts of the provider, by what they are for, to what was released of them. */
  readonly #released = new Map<string, string>();
  /** Names of tools by the paths of what they are given. */
  readonly #tools = new Map<string, string>();
  /** Operations on files by the number of their item, as they began. */
  readonly #operations = new Map<unknown, Json>();
  /** Calls of built-in tools of which the guard has heard. */
  readonly #told = new Set<string>();
  readonly #audio = new SpokenAudio();

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    const format = textOf(objectOf(objectOf(params['text'])?.['format'])?.['type']);
    this.#json = format === 'json_schema' || format === 'json_object';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    if (!event) return [value];
    const type = textOf(event['type']);
    const out = Object.hasOwn(DELTAS, type) ? [this.#delta(event, type)] : this.#other(event, type);
    return this.guard.refusal === null ? out : [];
  }

  finish(): unknown[] {
    const out = [...this.#sent.keys()].flatMap((path) => this.#rest(path));
    return this.guard.refusal === null ? out : [];
  }

  #delta(event: Json, type: string): Json {
    const path = pathOf(event, type);
    const text = textOf(event['delta']);
    let sent = this.#sent.get(path);
    if (!sent) {
      const tool = this.#toolAt(path, type);
      const call = this.#callOf(event, type);
      if (tool !== undefined && call) this.guard.tool(path, tool, call);
      else if (tool !== undefined) this.guard.argument(path, tool);
      this.#sent.set(path, (sent = { tool, text: '', original: '', event }));
    }
    sent.event = event;
    sent.original += text;
    const released = this.guard.push(path, text, this.#isJson(type));
    sent.text += released;
    if (type === TRANSCRIPT) this.#audio.said(text, released);
    event['delta'] = released;
    if (released !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
    return event;
  }

  /** The tool that is given the text at a path, empty when nobody has said which; undefined when it is for none. */
  #toolAt(path: string, delta: string): string | undefined {
    if (!GIVEN.has(delta)) return undefined;
    return BUILT_IN[delta] ?? this.#tools.get(path) ?? '';
  }

  /** Makes the call of a built-in tool that the application runs, of all that the tool is given; undefined for other texts. */
  #callOf({ output_index, command_index }: Json, delta: string): ((source: string) => ToolCall) | undefined {
    if (delta !== COMMAND && delta !== PATCH) return undefined;
    const operation = this.#operations.get(output_index);
    return (source) => {
      const call = delta === COMMAND ? shellCall(source) : patchCall({ ...operation, diff: source });
      this.#told.add(toldKey(output_index, command_index ?? 0, call));
      return call;
    };
  }

  #isJson(delta: string): boolean {
    return DELTAS[delta]!.json || (this.#json && delta === 'response.output_text.delta');
  }

  #other(event: Json, type: string): unknown[] {
    if (type === COMMAND_ADDED) {
      const { output_index, command_index } = event;
      const first = { type: COMMAND, output_index, command_index, delta: textOf(event['command']) };
      event['command'] = this.#delta(first, COMMAND)['delta'];
      return [event];
    }
    if (type === SHELL_OUTPUT) return [this.#shellOutput(event)];
    if (type === 'response.shell_call_output_content.done') {
      const rest = this.#restOf(event['output_index'], [SHELL_OUTPUT]);
      this.#item({ ...event, type: 'shell_call_output' }, event['output_index']);
      return [...rest, event];
    }
    const done = DONE.get(type);
    if (done) {
      const path = pathOf(event, done.delta);
      const rest = this.#rest(path);
      const text = textOf(event[done.field]);
      if (text === '') return [...rest, event];
      event[done.field] = this.#whole(text, this.#isJson(done.delta), this.#toolAt(path, done.delta));
      if (event[done.field] !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
      return [...rest, event];
    }
    if (type === 'response.audio.delta' && this.#audio.changed) event['delta'] = '';
    const item = objectOf(event['item']);
    if (item && type === 'response.output_item.added') {
      this.#operations.set(event['output_index'], { ...objectOf(item['operation']) });
      this.#begun(event, item);
    }
    this.#part(objectOf(event['part']));
    // What an item that is complete says has been streamed, or never will be.
    const rest = type === 'response.output_item.done' && item ? this.#ended(event, item) : [];
    this.#item(item, event['output_index']);
    this.#response(objectOf(event['response']));
    return [...rest, event];
  }

  #begun(event: Json, item: Json): void {
    const path = toolPath(event, item);
    if (path === undefined) return;
    const tool = textOf(item['name']);
    this.guard.tool(path, tool);
    this.#tools.set(path, tool);
    const began = { type: TOOLS[textOf(item['type'])]!, item_id: item['id'], output_index: event['output_index'] };
    this.#sent.set(path, { tool, text: '', original: '', event: began });
    if (textOf(item['arguments'] ?? item['input']) !== '') this.#ended(event, item);
  }

  #ended(event: Json, item: Json): Json[] {
    const path = toolPath(event, item);
    if (path === undefined) return this.#restOf(event['output_index'], [COMMAND, PATCH, SHELL_OUTPUT]);
    // A call of which nothing was streamed: what it is given comes with the item.
    const sent = this.#sent.get(path);
    const text = textOf(item['arguments'] ?? item['input']);
    if (sent && sent.original === '' && text !== '') {
      sent.original = text;
      sent.text = this.guard.push(path, text, this.#isJson(TOOLS[textOf(item['type'])]!)) + this.guard.finish(path);
      this.#released.set(keyOf(text, sent.tool), sent.text);
      this.#sent.delete(path);
      return [];
    }
    return this.#rest(path);
  }

  /** What still waits of a text, as one more delta. */
  #rest(path: string): Json[] {
    const sent = this.#sent.get(path);
    if (!sent) return [];
    const text = this.guard.finish(path);
    sent.text += text;
    if (path.startsWith(TRANSCRIPT)) this.#audio.said('', text);
    this.#released.set(keyOf(sent.original, sent.tool), sent.text);
    this.#sent.delete(path);
    if (text === '') return [];
    if (sent.late) return [sent.late(text)];
    return [{ ...sent.event, delta: text, ...(sent.event['logprobs'] ? { logprobs: [] } : {}) }];
  }

  /** What still waits of the texts of one item. */
  #restOf(output: unknown, deltas: readonly string[]): Json[] {
    return [...this.#sent]
      .filter(([path, { event }]) => event['output_index'] === output && deltas.some((type) => path.startsWith(type)))
      .flatMap(([path]) => this.#rest(path));
  }

  /** A piece of what a shell of the provider's wrote. */
  #shellOutput(event: Json): Json {
    const delta = objectOf(event['delta']) ?? {};
    for (const field of ['stdout', 'stderr']) {
      const text = delta[field];
      if (typeof text !== 'string') continue;
      const path = `${pathOf(event, SHELL_OUTPUT)}.${field}`;
      let sent = this.#sent.get(path);
      if (!sent) this.#sent.set(path, (sent = { tool: undefined, text: '', original: '', event }));
      sent.late = (late) => ({ ...event, delta: { [field]: late } });
      sent.original += text;
      const released = this.guard.push(path, text);
      sent.text += released;
      delta[field] = released;
    }
    return event;
  }

  #whole(text: string, json: boolean, tool: string | undefined): string {
    if (text === '') return text;
    const known = this.#known(text, tool);
    if (known !== undefined) return known;
    const released = this.guard.whole(text, { tool, json });
    this.#released.set(keyOf(text, tool), released);
    return released;
  }

  /** What was released of a text; also before anybody said which tool it is for. */
  #known(text: string, tool: string | undefined): string | undefined {
    const known = this.#released.get(keyOf(text, tool));
    return known === undefined && tool !== undefined ? this.#released.get(keyOf(text, '')) : known;
  }

  /** True when it was changed. */
  #replace(node: Json | undefined, field: string, json: boolean, tool?: string): boolean {
    const text = node?.[field];
    if (typeof text !== 'string') return false;
    const released = this.#whole(text, json, tool);
    if (released === text) return false;
    node![field] = released;
    if (Array.isArray(node!['logprobs'])) node!['logprobs'] = [];
    return true;
  }

  #part(part: Json | undefined): void {
    this.#replace(part, 'text', this.#json && part?.['type'] === 'output_text');
    this.#replace(part, 'refusal', false);
    // A part that says its transcript without what was cut out must not say it aloud.
    if (this.#replace(part, 'transcript', false) && typeof part!['data'] === 'string') part!['data'] = '';
  }

  #item(item: Json | undefined, output: unknown): void {
    if (item) this.#builtIn(item, output);
    for (const field of ['content', 'summary']) listOf(item?.[field]).forEach((part) => this.#part(objectOf(part)));
    const given = textOf(item?.['arguments'] ?? item?.['input']);
    const tool = textOf(item?.['name']);
    // A call that comes with the whole response, and was never streamed.
    if (callsTool(item) && given !== '' && this.#known(given, tool) === undefined) {
      this.guard.called(toolCall(tool, given));
    }
    this.#replace(item, 'arguments', true, tool);
    this.#replace(item, 'input', false, tool);
    this.#replace(item, 'code', false, CODE_TOOL);
    // What the provider's own tools came back with.
    this.#replace(item, 'output', false);
    for (const logs of listOf(item?.['outputs'])) this.#replace(objectOf(logs), 'logs', false);
    for (const found of listOf(item?.['results'])) this.#replace(objectOf(found), 'text', false);
  }

  /** A call of a tool of the API, or what it came back with: told once, also when events repeat it. */
  #builtIn(item: Json, output: unknown): void {
    builtInCalls(item).forEach((call, index) => {
      const key = toldKey(output, index, call);
      if (this.#told.has(key)) return;
      this.#told.add(key);
      this.guard.called(call);
    });
    for (const { holder, key, tool } of builtInTexts(item, '')) this.#replace(holder, key, false, tool);
  }

  #response(response: Json | undefined): void {
    listOf(response?.['output']).forEach((item, index) => this.#item(objectOf(item), index));
    this.#replace(response, 'output_text', this.#json);
  }
}

function toldKey(output: unknown, index: unknown, call: ToolCall): string {
  return JSON.stringify([output, index, call]);
}

/** Equal for equal texts that are for the same. */
function keyOf(text: string, tool: string | undefined): string {
  return tool === undefined ? `text ${text}` : `tool ${JSON.stringify(tool)} ${text}`;
}

/** True for an item that calls a tool by its name, or asks whether it may be called. */
export function callsTool(item: Json | undefined): boolean {
  return Object.hasOwn(TOOLS, textOf(item?.['type']));
}

/** The path of what the tool of an item is given, as the events that add to it have it; undefined for other items. */
function toolPath(event: Json, item: Json): string | undefined {
  if (!callsTool(item)) return undefined;
  return pathOf({ item_id: item['id'], output_index: event['output_index'] }, TOOLS[textOf(item['type'])]!);
}

function pathOf(event: Json, delta: string): string {
  const position = ['item_id', 'output_index', 'content_index', 'summary_index', 'command_index'].map((key) =>
    String(event[key] ?? ''),
  );
  return `${delta}.${position.join('.')}`;
}
