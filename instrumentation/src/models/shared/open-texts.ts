import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { StreamGuard } from '../../stream/stream-guard.js';

/** How one streamed text goes on. */
export interface OpenTextOptions {
  /** The text is JSON source. */
  json?: boolean;
  /** The tool that is given the text; empty when nobody says which. Undefined: it is for none. */
  tool?: string | undefined;
  /** An event with what was held back of the text. */
  add(text: string): unknown;
}

interface Open extends OpenTextOptions {
  /** As the provider wrote it. */
  original: string;
  released: string;
}

/** Equal for equal texts that are for the same. */
function keyOf(text: string, tool: string | undefined): string {
  return tool === undefined ? `text ${text}` : `tool ${JSON.stringify(tool)} ${text}`;
}

/**
 * The texts of one streamed answer that go on over several events, for adapters whose later events repeat what earlier ones said: a text that comes again is what was released of it.
 */
export class OpenTexts {
  readonly #open = new Map<string, Open>();
  readonly #released = new Map<string, string>();

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  /** A call of a tool begins, whose arguments come in pieces at `path`. */
  begin(path: string, tool: string, options: Omit<OpenTextOptions, 'tool'>): void {
    if (this.#open.has(path)) return;
    this.guard.tool(path, tool);
    this.#open.set(path, { ...options, tool, original: '', released: '' });
  }

  /** A call of a tool came in one piece; its texts go through {@link whole} after it. */
  called(call: ToolCall): void {
    this.guard.called(call);
  }

  /** Adds a piece of the text at `path`; gives what may go out. */
  push(path: string, piece: string, options: OpenTextOptions): string {
    let open = this.#open.get(path);
    if (!open) {
      if (options.tool !== undefined) this.guard.argument(path, options.tool);
      this.#open.set(path, (open = { ...options, original: '', released: '' }));
    }
    open.add = options.add;
    open.original += piece;
    const released = this.guard.push(path, piece, open.json ?? false);
    open.released += released;
    return released;
  }

  /** Judges a text that came in one piece, unless it was said before; gives what may go out of it. */
  whole(text: string, { tool, json = false }: { tool?: string | undefined; json?: boolean } = {}): string {
    if (text === '') return text;
    const key = keyOf(text, tool);
    const known = this.#released.get(key);
    if (known !== undefined) return known;
    const released = this.guard.whole(text, { tool, json });
    this.#released.set(key, released);
    return released;
  }

  /** True when a tool was given this text before. */
  knows(text: string, tool: string): boolean {
    return this.#released.has(keyOf(text, tool));
  }

  /** True when some guard-rail may change a text. */
  get changesTexts(): boolean {
    return this.guard.changesTexts;
  }

  /** The text at a path is complete, for a provider that says so by its signature: gives what was held back of it, and whether it went out changed. */
  end(path: string): { late: string; changed: boolean } {
    const open = this.#open.get(path);
    if (!open) return { late: '', changed: false };
    const late = this.#finish(path, open);
    return { late, changed: open.released + late !== open.original };
  }

  /** The texts whose paths begin so are complete; gives events with what was held back of them. */
  rest(prefix = ''): unknown[] {
    const events: unknown[] = [];
    for (const [path, open] of this.#open) {
      if (!path.startsWith(prefix)) continue;
      const text = this.#finish(path, open);
      if (text !== '') events.push(open.add(text));
    }
    return events;
  }

  #finish(path: string, open: Open): string {
    this.#open.delete(path);
    const text = this.guard.finish(path);
    this.#released.set(keyOf(open.original, open.tool), open.released + text);
    return text;
  }
}
