import type { StreamGuard } from '../../stream/stream-guard.js';
import { EventTextsRewriter } from '../shared/event-texts-rewriter.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { stepCall, toolOf, visitStep } from './steps.js';

/** Steps whose texts come in pieces. */
const SAID = new Map<unknown, 'text' | 'thought'>([
  ['model_output', 'text'],
  ['thought', 'thought'],
]);

interface OpenStep {
  /** Begins the paths of its texts. */
  path: string;
  tool: string | undefined;
}

/** True when the model was asked for JSON. */
function asksForJson(params: Json): boolean {
  const formats = [params['response_format'], ...listOf(params['response_format'])].map(objectOf);
  const types = [params['response_mime_type'], ...formats.map((format) => format?.['mime_type'])];
  return types.includes('application/json');
}

/**
 * Sends the texts of the events of an interaction through the guard: answers, thoughts, arguments of functions, and what the provider's tools are given and come back with. Events are changed in
 * place; what is held back of a step comes before the event that ends it. Steps that are repeated by the interaction say what was released.
 */
export class InteractionRewriter extends EventTextsRewriter {
  readonly #json: boolean;
  readonly #steps = new Map<unknown, OpenStep>();
  #begun = 0;

  constructor(guard: StreamGuard, params: Json) {
    super(guard);
    this.#json = asksForJson(params);
  }

  protected override change(event: Json): unknown[] {
    const type = textOf(event['event_type']);
    const step = objectOf(event['step']);
    const delta = objectOf(event['delta']);
    if (type === 'step.start' && step) this.#start(event, step);
    else if (type === 'step.delta' && delta) this.#delta(event, delta);
    else if (type === 'step.stop') return this.texts.rest(this.#stepAt(event['index']).path);
    const interaction = objectOf(event['interaction']);
    if (!interaction) return [];
    // An answer that is taken up by another request goes on with its texts.
    const rest = type === 'interaction.completed' && !goesOn(interaction) ? this.texts.rest() : [];
    for (const item of listOf(interaction['steps'])) this.#whole(objectOf(item));
    return rest;
  }

  #stepAt(index: unknown): OpenStep {
    let open = this.#steps.get(index);
    if (!open) this.#steps.set(index, (open = { path: `step.${this.#begun++}.`, tool: undefined }));
    return open;
  }

  #start(event: Json, step: Json): void {
    const tool = toolOf(step);
    const open: OpenStep = { path: `step.${this.#begun++}.`, tool };
    this.#steps.set(event['index'], open);
    if (stepCall(step) && Object.keys(objectOf(step['arguments']) ?? {}).length === 0) {
      const add = this.#late(event, (text) => ({ type: 'arguments_delta', arguments: text }));
      this.texts.begin(`${open.path}arguments`, tool ?? '', { json: true, add });
      return;
    }
    // Texts with which a step begins go on with its deltas.
    const said = SAID.get(step['type']);
    if (said === undefined) return this.#whole(step);
    for (const item of [...listOf(step['content']), ...listOf(step['summary'])]) {
      const content = objectOf(item);
      if (typeof content?.['text'] === 'string') content['text'] = this.#said(event, open, said, content['text']);
    }
  }

  #delta(event: Json, delta: Json): void {
    const open = this.#stepAt(event['index']);
    const type = textOf(delta['type']);
    const summary = objectOf(delta['content']);
    if (type === 'text') delta['text'] = this.#said(event, open, 'text', textOf(delta['text']));
    else if (type === 'thought_summary') {
      if (typeof summary?.['text'] === 'string') summary['text'] = this.#said(event, open, 'thought', summary['text']);
    } else if (type === 'arguments_delta') {
      const add = this.#late(event, (text) => ({ ...delta, arguments: text }));
      const options = { json: true, tool: open.tool ?? '', add };
      delta['arguments'] = this.texts.push(`${open.path}arguments`, textOf(delta['arguments']), options);
    } else this.#whole(delta);
  }

  /** A piece of what the model says or thinks. */
  #said(event: Json, { path }: OpenStep, kind: string, text: string): string {
    const thought = kind === 'thought';
    const add = this.#late(event, (late) =>
      thought ? { type: 'thought_summary', content: { type: 'text', text: late } } : { type: 'text', text: late },
    );
    return this.texts.push(`${path}${kind}`, text, { json: this.#json && !thought, add });
  }

  #late({ index, event_id }: Json, delta: (text: string) => Json): (text: string) => Json {
    const id = event_id === undefined ? {} : { event_id };
    return (text) => ({ event_type: 'step.delta', index, delta: delta(text), ...id });
  }

  /** Texts that came in one piece, or were streamed before. */
  #whole(step: Json | undefined): void {
    if (!step) return;
    const call = stepCall(step);
    const given = JSON.stringify(step['arguments'] ?? {});
    if (call && !this.texts.knows(given, call.name)) this.texts.called(call);
    visitStep(step, '', 'assistant', ({ holder, key, tool }) => {
      const text = holder[key];
      if (typeof text === 'string') holder[key] = this.texts.whole(text, { tool });
    });
  }
}

function goesOn(interaction: Json): boolean {
  return interaction['status'] === 'requires_continuation';
}
