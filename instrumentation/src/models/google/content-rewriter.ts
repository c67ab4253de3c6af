import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** A text of one candidate that goes on over several chunks: its thoughts, or its answer. */
interface Open {
  candidate: number;
  thought: boolean;
}

/**
 * Sends the texts of streamed contents through the guard: answer and thoughts of each candidate, code, and the arguments of functions, which come whole. What is held back
 * comes before another kind of part does, at the latest with the chunk that ends the candidate.
 */
export class ContentRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #open = new Map<string, Open>();
  #pieces = 0;
  #last: object = {};
  /** The client may take up an answer that ends with an error where a token says; one that is refused must not go on so. */
  #resumable = false;

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    this.#json = textOf(objectOf(params['config'])?.['responseMimeType']) === 'application/json';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const chunk = objectOf(value);
    if (!chunk) return [value];
    this.#last = chunk;
    listOf(chunk['candidates']).forEach((item, position) => {
      const candidate = objectOf(item);
      if (!candidate) return;
      const index = typeof candidate['index'] === 'number' ? candidate['index'] : position;
      this.#resumable ||= candidate['continuationToken'] !== undefined;
      this.#candidate(index, candidate);
    });
    return this.guard.refusal === null ? [chunk] : this.#ended();
  }

  finish(): unknown[] {
    const candidates = [...new Set([...this.#open.values()].map(({ candidate }) => candidate))].flatMap((index) => {
      const parts = this.#rest(index);
      return parts.length === 0 ? [] : [{ index, content: { role: 'model', parts } }];
    });
    if (this.guard.refusal !== null) return this.#ended();
    return candidates.length === 0 ? [] : [this.#chunk(candidates)];
  }

  /** The end of a refused answer that could be taken up again: a chunk that says that it is over. */
  #ended(): unknown[] {
    return this.#resumable ? [this.#chunk([{ index: 0, finishReason: 'SAFETY' }])] : [];
  }

  /** A chunk of our own. The getters of a chunk (`text`) are on its prototype. */
  #chunk(candidates: unknown[]): object {
    return Object.assign(Object.create(Object.getPrototypeOf(this.#last) as object) as object, { candidates });
  }

  #candidate(index: number, candidate: Json): void {
    const content = objectOf(candidate['content']);
    if (content && Array.isArray(content['parts'])) {
      const parts = (content['parts'] as unknown[]).flatMap((part) => this.#part(index, part));
      (content['parts'] as unknown[]).splice(0, Infinity, ...parts);
    }
    if (!candidate['finishReason']) return;
    const rest = this.#rest(index);
    if (rest.length === 0) return;
    if (content) content['parts'] = [...listOf(content['parts']), ...rest];
    else candidate['content'] = { role: 'model', parts: rest };
  }

  #part(candidate: number, value: unknown): unknown[] {
    const part = objectOf(value);
    if (!part) return [value];
    const thought = part['thought'] === true;
    if (typeof part['text'] === 'string') {
      const before = this.#rest(candidate, !thought);
      const path = `candidates.${candidate}.${thought ? 'thought' : 'text'}`;
      this.#open.set(path, { candidate, thought });
      part['text'] = this.guard.push(path, part['text'], this.#json && !thought);
      return [...before, part];
    }
    const before = this.#rest(candidate);
    const whole = (text: string): string => {
      const path = `whole.${this.#pieces++}`;
      return this.guard.push(path, text) + this.guard.finish(path);
    };
    for (const key of ['functionCall', 'executableCode', 'codeExecutionResult']) {
      const node = objectOf(part[key]);
      if (!node) continue;
      if (key === 'functionCall') this.#called(node);
      for (const field of ['args', 'code', 'output']) changeField(node, field, whole);
      for (const piece of listOf(node['partialArgs'])) this.#partialArgument(candidate, objectOf(piece));
    }
    return [...before, part];
  }

  /** Functions are called in one piece, but for arguments that are streamed: these are not known yet when the call is judged. */
  #called(call: Json): void {
    const name = textOf(call['name']);
    if (name !== '') this.guard.called({ name, arguments: (objectOf(call['args']) ?? {}) as ToolCall['arguments'] });
  }

  /** An argument of a function whose text goes on over several chunks. */
  #partialArgument(candidate: number, piece: Json | undefined): void {
    if (typeof piece?.['stringValue'] !== 'string') return;
    const path = `candidates.${candidate}.argument.${textOf(piece['jsonPath'])}`;
    const text = this.guard.push(path, piece['stringValue']);
    piece['stringValue'] = piece['willContinue'] === true ? text : text + this.guard.finish(path);
  }

  /** Parts with what is held back of a candidate; of one kind only when `thought` says which. */
  #rest(candidate: number, thought?: boolean): Json[] {
    const parts: Json[] = [];
    for (const [path, open] of this.#open) {
      if (open.candidate !== candidate || (thought !== undefined && open.thought !== thought)) continue;
      this.#open.delete(path);
      const text = this.guard.finish(path);
      if (text !== '') parts.push(open.thought ? { text, thought: true } : { text });
    }
    return parts;
  }
}

function changeField(node: Json, field: string, change: (text: string) => string): void {
  if (node[field] !== undefined) node[field] = changeDeepTexts(node[field], field, (_path, text) => change(text));
}
