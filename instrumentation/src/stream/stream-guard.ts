import { combineDecisions, detectText, DetectorTally } from '@guardspan/policy/runtime';
import type { ChunkPlan, Decision, DecideInput, TextWindow, ToolCall } from '@guardspan/policy/runtime';
import { deniedError } from '../actions/errors.js';
import type { GuardrailDeniedError } from '../actions/errors.js';
import { toolCall } from '../models/shared/json.js';
import { HeldText } from './held-text.js';
import type { Edit } from './held-text.js';
import { ReplacedTexts } from './replaced-texts.js';

/** What a guard of one streamed answer stands on. */
export interface StreamGuardParts {
  plan: ChunkPlan;
  /** Decides at `chunk` with what is given beside the call. Never throws. */
  decide: (input: Pick<DecideInput, 'texts' | 'window' | 'soFar' | 'failure' | 'failedText'>) => Decision;
  /** Tells the decisions that follow which tools the answer has called so far. */
  called: (calls: ToolCall[]) => void;
  /** Code units that one text may have to wait. */
  maxHeld: number;
  /** Something went wrong in here. */
  failed: (error: unknown) => void;
}

interface OpenTool {
  /** One, unless a provider takes a place twice; none as long as it is not known. */
  names: Set<string>;
  /** The arguments as they came, JSON for nearly every tool. */
  source: string;
  /** Makes the call of what the tool is given, where that is no JSON. */
  call: ((source: string) => ToolCall) | undefined;
}

/** What is known of a streamed answer when it has ended. */
export interface StreamGuardStats {
  /** Code units; the most that one text had to wait. */
  heldMax: number;
  /** Code units that had gone out of texts before they were rewritten; absent when none was. */
  released?: number;
}

/**
 * Guards the texts of one streamed answer while they arrive. Each text has a path of the adapter's own; a piece goes in, and what may reach the application
 * comes out. No method throws: `refusal` says when the answer must end, and from then on nothing comes out.
 */
export class StreamGuard {
  #refusal: GuardrailDeniedError | null = null;
  #decision: Decision | null = null;
  #heldMax = 0;
  readonly #texts = new Map<string, HeldText>();
  readonly #soFar = new DetectorTally();
  readonly #calls: ToolCall[] = [];
  /** Calls of tools whose arguments are not complete, by the path of the arguments; only when a guard-rail reads them. */
  readonly #open = new Map<string, OpenTool>();
  /** Names of tools by the paths of what they are given, none as long as not known; only when a redaction is limited to some. */
  readonly #names = new Map<string, Set<string>>();
  #wholes = 0;
  /** Paths of what tools are given; only when a guard-rail rewrites, because that is never rewritten. */
  readonly #given = new Set<string>();
  /** Code units that went out, by path; only when a guard-rail rewrites. */
  readonly #out = new Map<string, number>();
  /** Null until something is rewritten. */
  #replaced: ReplacedTexts | null = null;

  constructor(private readonly parts: StreamGuardParts) {
    // A guard-rail that cannot be compiled speaks before the first word does.
    this.#settle(parts.decide({ texts: () => [], soFar: this.#soFar }));
  }

  /** The error with which the answer has to end; null while it may go on. */
  get refusal(): GuardrailDeniedError | null {
    return this.#refusal;
  }

  /** False: whatever the model says goes out as it is, or the answer ends. */
  get changesTexts(): boolean {
    return this.parts.plan.changesTexts;
  }

  /** Everything that was decided so far; null when nothing was. */
  get decision(): Decision | null {
    const rewrites = this.#replaced?.rewrites();
    return this.#decision === null || rewrites === undefined ? this.#decision : { ...this.#decision, rewrites };
  }

  get stats(): StreamGuardStats {
    const heldMax = this.#heldMax;
    return this.#replaced?.rewrites() === undefined ? { heldMax } : { heldMax, released: this.#replaced.released };
  }

  /** Adds a piece of the text at `path`; gives what may go out, which is the piece itself when no guard-rail can act on it. `json`: the text is JSON source (arguments of a tool call, structured output). */
  push(path: string, piece: string, json = false): string {
    const acts = this.#actsOn(path);
    const step = (): string => {
      if (this.#isReplaced(path)) return piece === '' ? '' : this.#literal(path);
      const open = this.#open.get(path);
      // Longer arguments than may wait are saturated, and what is not known whole is not parsed.
      if (open && open.source.length <= this.parts.maxHeld) open.source += piece;
      let text = this.#texts.get(path);
      if (text === undefined) this.#texts.set(path, (text = this.#held(path, json, open !== undefined)));
      const out = text.push(piece);
      if (!acts) return piece;
      this.#heldMax = Math.max(this.#heldMax, text.longest);
      return this.#passed(path, out);
    };
    return this.#guarded(step, acts ? '' : piece, !this.#forTool(path));
  }

  /**
   * A call of a tool begins or goes on, whose arguments are the text at `path`; say so before the first piece of them. `name` may be empty when it is not known yet, or
   * any more. `call` makes the call of the whole text where that is no JSON of arguments.
   */
  tool(path: string, name: string, call?: (source: string) => ToolCall): void {
    this.argument(path, name);
    if (!this.parts.plan.readsTools) return;
    let open = this.#open.get(path);
    if (!open) this.#open.set(path, (open = { names: new Set(), source: '', call }));
    if (name !== '') open.names.add(name);
  }

  /** A call of a tool came in one piece; its texts go through the guard after it. */
  called(call: ToolCall): void {
    if (!this.parts.plan.readsTools) return;
    this.#guarded(() => {
      this.#tell(call);
      this.#settle(this.parts.decide({ texts: () => [], soFar: this.#soFar }));
      return '';
    }, '');
  }

  /** The text at `path` is one argument of a call of which the guard has heard by {@link called}; say so before the first piece of it. */
  argument(path: string, name: string): void {
    if (this.parts.plan.rewrites) this.#given.add(path);
    if (!this.parts.plan.namesTools) return;
    let names = this.#names.get(path);
    if (!names) this.#names.set(path, (names = new Set()));
    if (name !== '') names.add(name);
  }

  /**
   * Judges a text that came in one piece; gives what may go out of it. `tool`: the text is what the tool of this name is given; say {@link called} before.
   * `json`: it is JSON source.
   */
  whole(text: string, { tool, json = false }: { tool?: string | undefined; json?: boolean } = {}): string {
    const path = `whole.${this.#wholes++}`;
    if (tool !== undefined) this.argument(path, tool);
    return this.push(path, text, json) + this.finish(path);
  }

  /** Something came that is too long to be judged; `refusal` says whether it may go out. */
  saturated(): void {
    this.#guarded(() => {
      this.#settle(this.parts.decide({ texts: () => [], failure: 'saturated' }));
      return '';
    }, '');
  }

  /** The text at `path` is complete; gives the rest of it. */
  finish(path: string): string {
    const acts = this.#actsOn(path);
    return this.#guarded(() => {
      // What waited of a text that is replaced by now gives way to the literal.
      if (this.#isReplaced(path)) return this.heldAt(path) > 0 ? this.#literal(path) : '';
      const open = this.#open.get(path);
      if (open) {
        this.#open.delete(path);
        const complete = open.source.length <= this.parts.maxHeld;
        const source = complete ? open.source : '';
        if (open.call) this.#tell(open.call(source));
        else for (const name of open.names.size === 0 ? [''] : open.names) this.#tell(toolCall(name, source));
        // A call without arguments is judged all the same.
        if (!this.#texts.has(path)) this.#texts.set(path, this.#held(path, true, true));
      }
      const out = this.#texts.get(path)?.finish() ?? '';
      this.#names.delete(path);
      return acts ? this.#passed(path, out) : '';
    }, '');
  }

  /** Code units of the text at `path` that wait. */
  heldAt(path: string): number {
    return this.#actsOn(path) ? (this.#texts.get(path)?.held ?? 0) : 0;
  }

  /** Paths whose texts wait for more. */
  waiting(): string[] {
    return [...this.#texts.keys()].filter((path) => this.heldAt(path) > 0);
  }

  /** True when the text at a path is what a tool is given, for all that a guard-rail asks about tools. */
  #forTool(path: string): boolean {
    return this.#open.has(path) || this.#names.has(path);
  }

  /** False: whatever stands in the text at a path, it goes out as it comes. */
  #actsOn(path: string): boolean {
    const { acts, actsOnText } = this.parts.plan;
    return actsOnText || (acts && this.#forTool(path));
  }

  /** `anyway` is what goes out when the guard fails and could not have acted; `failedText`: what it looks at is for no tool. */
  #guarded(step: () => string, anyway: string, failedText = false): string {
    if (this.#refusal !== null) return '';
    try {
      const out = step();
      return this.#refusal === null ? out : '';
    } catch (error) {
      this.parts.failed(error);
      // A piece that could not be judged or changed must not go out; the failure table knows nothing weaker for what was seen to be a finding.
      this.#settle(this.parts.decide({ texts: () => [], failure: 'detector_error', failedText }));
      return this.#refusal === null ? anyway : '';
    }
  }

  #tell(call: ToolCall): void {
    this.#calls.push(call);
    this.parts.called([...this.#calls]);
  }

  #held(path: string, json: boolean, whole: boolean): HeldText {
    const { plan, decide, maxHeld } = this.parts;
    return new HeldText(
      {
        judge: (text, window) => this.#judge(path, text, window),
        spans: (text) => spansOf(plan, text),
        overflow: () => {
          this.#settle(decide({ texts: () => [], failure: 'saturated', failedText: !this.#forTool(path) }));
          return this.#refusal === null;
        },
      },
      { liveness: plan.liveness, maxHeld, json, whole, waits: () => this.#names.get(path)?.size === 0 },
    );
  }

  #judge(path: string, text: string, window: TextWindow): readonly Edit[] | null {
    const tool = this.#toolAt(path);
    const part = { path, role: 'assistant', text, ...(tool === undefined ? {} : { tool }) };
    const decision = this.parts.decide({ texts: () => [part], window, soFar: this.#soFar });
    this.#settle(decision, path);
    return this.#refusal === null && !this.#isReplaced(path) ? decision.redactions : null;
  }

  /** The tool that is given the text at a path: empty when nobody says which, or two are said. Undefined when it is for none. */
  #toolAt(path: string): string | undefined {
    const names = this.#names.get(path);
    if (names === undefined) return undefined;
    return names.size === 1 ? [...names][0] : '';
  }

  /** True when what the model says at a path is replaced. What tools are given never is. */
  #isReplaced(path: string): boolean {
    return this.#replaced !== null && !this.#given.has(path) && this.#replaced.covers(path);
  }

  #literal(path: string): string {
    return this.#replaced!.say(path, this.#out.get(path) ?? 0);
  }

  /** What goes out of a text that was judged, and the literal behind it when it is replaced from here on. */
  #passed(path: string, out: string): string {
    if (!this.parts.plan.rewrites) return out;
    this.#out.set(path, (this.#out.get(path) ?? 0) + out.length);
    return this.#isReplaced(path) ? out + this.#literal(path) : out;
  }

  /** `path`: of the text that was judged; empty when the decision is about the answer. */
  #settle({ rewriting, ...decision }: Decision, path = ''): void {
    if (rewriting !== undefined) (this.#replaced ??= new ReplacedTexts()).begin(path, rewriting);
    this.#decision = this.#decision === null ? decision : merged(this.#decision, decision);
    if (decision.end !== null) this.#refusal ??= deniedError(decision.end);
  }
}

/** One decision of many chunks: a guard-rail that said the same again is not written down again. */
function merged(before: Decision, now: Decision): Decision {
  const said = new Set(
    before.verdicts.map((verdict) => `${verdict.guardrail}\0${verdict.code}\0${verdict.disposition}`),
  );
  const verdicts = now.verdicts.filter(
    (verdict) => !said.has(`${verdict.guardrail}\0${verdict.code}\0${verdict.disposition}`),
  );
  return { ...combineDecisions(before, { ...now, verdicts }), evaluated: Math.max(before.evaluated, now.evaluated) };
}

function spansOf(plan: ChunkPlan, text: string): { start: number; end: number }[] {
  const spans = plan.uses.flatMap((use) => detectText(use.detector, text, use));
  return spans.sort((a, b) => a.start - b.start || b.end - a.end);
}
