import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { afterGoing } from '../shared/after-going.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** A text of one candidate that goes on over several chunks: its thoughts, its answer, or an argument of a function. */
interface Open {
  candidate: number;
  kind: 'text' | 'thought' | 'argument';
  /** Where an argument stands among those of its function; empty for texts. */
  jsonPath: string;
  /** What came of a text and has not gone out; undefined from when something else went out. */
  waits: string | undefined;
  /** The signature that came with the text; empty as long as none did. */
  signature: string;
}

/** The call of a function of which a candidate was streamed last. */
interface StreamedFunction {
  name: string;
  number: number;
}

/**
 * Sends the texts of streamed contents through the guard: answer and thoughts of each candidate, code, and the arguments of functions, which come whole. What is held back
 * comes before another kind of part does, at the latest with the chunk that ends the candidate. While a guard-rail may change texts, the signature of a text comes when
 * the text is complete, or not at all when it was changed. A call of a function keeps its own, because Google refuses one without.
 */
export class ContentRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #open = new Map<string, Open>();
  readonly #functions = new Map<number, StreamedFunction>();
  #last: object = {};
  /** A text of the chunk does not go out as it came. */
  #changed = false;
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
      this.#changed = false;
      const parts = (content['parts'] as unknown[]).flatMap((part) => this.#part(index, part));
      // They spell the text out again.
      if (this.#changed) delete candidate['logprobsResult'];
      (content['parts'] as unknown[]).splice(0, Infinity, ...parts);
    }
    for (const support of supportsOf(candidate)) changeField(support, 'text', (text) => this.guard.whole(text));
    const reason = candidate['finishReason'];
    if (!reason || reason === 'FINISH_REASON_UNSPECIFIED') return;
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
      const before = this.#rest(candidate, [thought ? 'text' : 'thought']);
      this.#text(candidate, thought ? 'thought' : 'text', part);
      return [...before, part];
    }
    const call = objectOf(part['functionCall']);
    const begins = textOf(call?.['name']) !== '';
    const before = this.#rest(candidate, begins ? ['text', 'thought', 'argument'] : ['text', 'thought']);
    if (call) this.#function(candidate, call);
    for (const key of ['executableCode', 'codeExecutionResult']) {
      const node = objectOf(part[key]);
      for (const field of ['code', 'output']) if (node) changeField(node, field, (text) => this.guard.whole(text));
    }
    return [...before, part];
  }

  /** A piece of the answer or of a thought. */
  #text(candidate: number, kind: 'text' | 'thought', part: Json): void {
    const came = textOf(part['text']);
    const path = `candidates.${candidate}.${kind}`;
    const released = this.guard.push(path, came, this.#json && kind === 'text');
    this.#changed ||= released !== came;
    part['text'] = released;
    const open = this.#open.get(path) ?? { candidate, kind, jsonPath: '', waits: '', signature: '' };
    this.#open.set(path, open);
    if (!this.guard.changesTexts) return;
    open.waits = afterGoing(open.waits, came, released);
    if (textOf(part['thoughtSignature']) === '') return;
    open.signature = textOf(part['thoughtSignature']);
    delete part['thoughtSignature'];
  }

  #function(candidate: number, call: Json): void {
    this.#called(call);
    const name = textOf(call['name']);
    let streamed = this.#functions.get(candidate);
    // Parts that go on with the arguments of a call do not repeat its name.
    if (name !== '' || !streamed) {
      streamed = { name, number: (streamed?.number ?? 0) + 1 };
      this.#functions.set(candidate, streamed);
    }
    const { name: tool } = streamed;
    changeField(call, 'args', (text) => this.guard.whole(text, { tool }));
    for (const piece of listOf(call['partialArgs'])) this.#partialArgument(candidate, streamed, objectOf(piece));
  }

  /** Functions are called in one piece, but for arguments that are streamed: these are not known yet when the call is judged. */
  #called(call: Json): void {
    const name = textOf(call['name']);
    if (name !== '') this.guard.called({ name, arguments: (objectOf(call['args']) ?? {}) as ToolCall['arguments'] });
  }

  /** An argument of a function whose text goes on over several chunks. */
  #partialArgument(candidate: number, { name, number }: StreamedFunction, piece: Json | undefined): void {
    if (typeof piece?.['stringValue'] !== 'string') return;
    const path = `candidates.${candidate}.function.${number}.${textOf(piece['jsonPath'])}`;
    this.guard.argument(path, name);
    const text = this.guard.push(path, piece['stringValue']);
    const goesOn = piece['willContinue'] === true;
    piece['stringValue'] = goesOn ? text : text + this.guard.finish(path);
    if (goesOn) {
      const jsonPath = textOf(piece['jsonPath']);
      this.#open.set(path, { candidate, kind: 'argument', jsonPath, waits: '', signature: '' });
    } else this.#open.delete(path);
  }

  /** Parts with what is held back of a candidate; only of these kinds when they are named. */
  #rest(candidate: number, kinds?: readonly Open['kind'][]): Json[] {
    const parts: Json[] = [];
    for (const [path, open] of this.#open) {
      if (open.candidate !== candidate || kinds?.includes(open.kind) === false) continue;
      this.#open.delete(path);
      const text = this.guard.finish(path);
      const signature = afterGoing(open.waits, '', text) === '' ? open.signature : '';
      if (text !== '' || signature !== '') parts.push(partOf(open, text, signature));
    }
    return parts;
  }
}

function partOf({ kind, jsonPath }: Open, text: string, signature: string): Json {
  if (kind === 'argument') return { functionCall: { partialArgs: [{ jsonPath, stringValue: text }] } };
  return {
    text,
    ...(kind === 'thought' ? { thought: true } : {}),
    ...(signature === '' ? {} : { thoughtSignature: signature }),
  };
}

/** Stretches of the answer for which there are sources; each repeats its text. */
export function supportsOf(candidate: Json | undefined): Json[] {
  const supports = listOf(objectOf(candidate?.['groundingMetadata'])?.['groundingSupports']);
  return supports.map((support) => objectOf(objectOf(support)?.['segment']) ?? {});
}

function changeField(node: Json, field: string, change: (text: string) => string): void {
  if (node[field] !== undefined) node[field] = changeDeepTexts(node[field], field, (_path, text) => change(text));
}
