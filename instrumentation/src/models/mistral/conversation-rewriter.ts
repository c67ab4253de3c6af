import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { EventTextsRewriter } from '../shared/event-texts-rewriter.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { toolCallOf } from './messages.js';

/** Events after which no text goes on. */
const LAST = new Set(['conversation.response.done', 'conversation.response.error']);

/**
 * Sends the texts of a streamed conversation through the guard: answers and thoughts, arguments of functions and of the provider's own tools, and what these came back with. Events are
 * changed in place; what is held back comes before the event that ends the answer.
 */
export class ConversationRewriter extends EventTextsRewriter {
  readonly #json: boolean;

  constructor(guard: StreamGuard, params: Json) {
    super(guard);
    const format = textOf(objectOf(objectOf(params['completionArgs'])?.['responseFormat'])?.['type']);
    this.#json = format === 'json_schema' || format === 'json_object';
  }

  protected override change(event: Json): unknown[] | undefined {
    const data = objectOf(event['data']);
    if (!data) return undefined;
    const type = textOf(data['type']);
    const output = `output.${String(data['outputIndex'])}.`;
    if (type === 'message.output.delta') this.#message(event, data, output);
    else if (type === 'function.call.delta') this.#arguments(event, data, `${output}${textOf(data['toolCallId'])}`);
    else if (type === 'tool.execution.started' || type === 'tool.execution.delta')
      this.#arguments(event, data, `${output}tool`);
    else if (type === 'tool.execution.done') {
      const rest = this.texts.rest(`${output}tool`);
      changeDeepTexts(data['info'], 'info', (_path, text) => this.texts.whole(text));
      return rest;
    } else if (LAST.has(type)) return this.texts.rest();
    return [];
  }

  #message(event: Json, data: Json, output: string): void {
    const path = `${output}${String(data['contentIndex'])}`;
    const { content } = data;
    const add = (wrap: (text: string) => unknown) => (text: string) => ({
      ...event,
      data: { ...data, content: wrap(text) },
    });
    if (typeof content === 'string') {
      const options = { json: this.#json, add: add((text) => text) };
      data['content'] = this.texts.push(path, content, options);
      return;
    }
    const chunk = objectOf(content);
    if (typeof chunk?.['text'] === 'string') {
      const options = { json: this.#json, add: add((text) => ({ type: 'text', text })) };
      chunk['text'] = this.texts.push(path, chunk['text'], options);
    }
    for (const item of listOf(chunk?.['thinking'])) {
      const thought = objectOf(item);
      if (typeof thought?.['text'] !== 'string') continue;
      const wrap = (text: string): unknown => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
      thought['text'] = this.texts.push(`${path}.thinking`, thought['text'], { add: add(wrap) });
    }
    if (!chunk || !this.texts.changesTexts || textOf(chunk['signature']) === '') return;
    // A signature is the end of its thought: what is held back of it comes with it, and a thought that was changed has none.
    const { late, changed } = this.texts.end(`${path}.thinking`);
    if (late !== '') chunk['thinking'] = [...listOf(chunk['thinking']), { type: 'text', text: late }];
    if (changed) delete chunk['signature'];
  }

  #arguments(event: Json, data: Json, path: string): void {
    const tool = textOf(data['name']);
    const given = data['arguments'];
    if (objectOf(given)) {
      this.texts.called(toolCallOf(tool, given));
      changeDeepTexts(given, 'arguments', (_path, text) => this.texts.whole(text, { tool }));
      return;
    }
    if (typeof given !== 'string') return;
    const started = data['type'] === 'tool.execution.started';
    const type = started ? 'tool.execution.delta' : textOf(data['type']);
    const late: Json = started ? { ...event, event: type } : event;
    const add = (text: string): unknown => ({ ...late, data: { ...data, type, arguments: text } });
    this.texts.begin(path, tool, { json: true, add });
    data['arguments'] = this.texts.push(path, given, { json: true, tool, add });
  }
}
