import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { reasonOf, wholeCalls } from './body.js';
import { CallPieces, numberOf } from './call-pieces.js';

/** Fields of the chunks of Titan, Llama, Mistral, Cohere and others that go on from chunk to chunk. */
export const TEXTS = new Set(['outputText', 'generation', 'text', 'content', 'completion', 'reasoning', 'arguments']);
/** Where Cohere's models give the arguments of a call, in one piece and as values. */
const PARAMETERS = /(?:^|\.)tool_calls\.\d+\.parameters\./;
/** Lists of answers of which each ends by itself. */
const CHOICES = ['choices', 'outputs', 'generations', 'results'];
const IN_CHOICE = /^\.(choices|outputs|generations|results)\.(\d+)(?=\.)/;

/** Where a text stands in a chunk. */
interface Place {
  /** Which of several answers; empty outside of them. */
  choice: string;
  /** Its path in the chunk that had the last piece of it, and that chunk. */
  path: string;
  like: Json;
}

/** Texts that go on in the same field of each chunk; what is held back comes with the chunk that says why the model stopped. */
export class FieldRewriter implements ChunkRewriter {
  readonly #places = new Map<string, Place>();
  readonly #pieces = new CallPieces();

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const body = value as Json;
    const like = structuredClone(body);
    const before: Json[] = [];
    for (const call of wholeCalls(body)) this.guard.called(call);
    /** Keys of calls by the paths of their arguments. */
    const calls = new Map<string, string>();
    for (const { key, name, path, ends } of this.#pieces.in(body)) {
      if (ends !== undefined) before.push(...this.#rest((each) => each === ends));
      this.guard.tool(key, name);
      this.#places.set(key, { choice: choiceOf(path, body), path, like });
      calls.set(path, key);
    }
    changeDeepTexts(
      body,
      '',
      (path, text, tool) => {
        if (PARAMETERS.test(path)) return this.guard.whole(text, { tool });
        const field = path.slice(path.lastIndexOf('.') + 1);
        if (!TEXTS.has(field)) return text;
        const choice = choiceOf(path, body);
        const key = calls.get(path) ?? `${choice}${path.replace(IN_CHOICE, '')}`;
        const released = this.guard.push(key, text, field === 'arguments');
        if (!ended(choice, body)) {
          this.#places.set(key, { choice, path, like });
          return released;
        }
        // What is held of a text that ends here comes after what is released of it.
        this.#places.delete(key);
        return released + this.guard.finish(key);
      },
      { calls: true },
    );
    before.push(...this.#rest((_key, { choice }) => ended(choice, body)));
    return this.guard.refusal === null ? [...before, body] : [];
  }

  finish(): unknown[] {
    const rest = this.#rest(() => true);
    return this.guard.refusal === null ? rest : [];
  }

  /** Chunks with what is held back of texts that have ended, each like the one that had the last piece of it. */
  #rest(wanted: (key: string, place: Place) => boolean): Json[] {
    const chunks = new Map<Json, Map<string, string>>();
    for (const [key, place] of this.#places) {
      if (!wanted(key, place)) continue;
      this.#places.delete(key);
      const text = this.guard.finish(key);
      if (text === '') continue;
      const texts = chunks.get(place.like) ?? new Map<string, string>();
      chunks.set(place.like, texts.set(place.path, text));
    }
    return [...chunks].map(([like, texts]) => {
      const chunk = structuredClone(like);
      fill(chunk, '', texts);
      return chunk;
    });
  }
}

/** Which of several answers of a chunk a text belongs to. */
function choiceOf(path: string, body: Json): string {
  const [, list, position] = IN_CHOICE.exec(path) ?? [];
  if (list === undefined) return '';
  return `${list}.${numberOf(objectOf(listOf(body[list])[Number(position)]), Number(position))}`;
}

/** True when the chunk says that this answer ends, or that everything does. */
function ended(choice: string, body: Json): boolean {
  if (reasonOf(body) !== '') return true;
  return CHOICES.some((list) =>
    listOf(body[list]).some((item, position) => {
      const node = objectOf(item);
      // What stands outside of the answers ends with the first of them.
      return reasonOf(node) !== '' && (choice === '' || choice === `${list}.${numberOf(node, position)}`);
    }),
  );
}

/** Sets the texts at their paths and empties all others that go on; a reason to stop belongs to the last chunk. */
function fill(node: Json, path: string, rest: ReadonlyMap<string, string>): void {
  for (const [key, value] of Object.entries(node)) {
    const at = `${path}.${key}`;
    if (typeof value === 'object' && value !== null) fill(value as Json, at, rest);
    else if (TEXTS.has(key) && typeof value === 'string') node[key] = rest.get(at) ?? '';
    else if (/^(?:stop|finish|completion)_?reason$/i.test(key)) node[key] = null;
  }
}
