import { createEngine } from '@guardspan/evaluator';
import type { Engine, SeriesView, Transition } from '@guardspan/evaluator';
import type { Decision, InlinePoint, ModelCall, RevisedGuardrail, TextPart, WrittenCall } from '@guardspan/policy';
import {
  DISPOSITIONS,
  finishLiterally,
  GuardrailSet,
  settleSampling,
  strictestMode,
  textAfter,
  writtenTexts,
} from '@guardspan/policy';
import { VirtualProcess } from './virtual-process.js';

/** What became of one call. */
export interface SessionOutcome {
  /** The strongest thing that was done; `allow` when nothing was. */
  action: Decision['action'];
  disposition: Decision['disposition'];
  /** Names of the guard-rails whose verdict was not a pass, sorted. */
  guardrails: string[];
  /** Target of a reroute, or empty. */
  to: string;
  /** Rewriters of a process that would have been asked; what they make of a text is known only there. */
  rewriters: string[];
  /** Prompt and answer after redaction and what literals make of them; undefined when there is none. */
  prompt: string | undefined;
  output: string | undefined;
}

/** Where virtual time begins when nobody says: a Monday at midnight, so that buckets begin with it. Seconds from epoch. */
export const SESSION_START = Date.UTC(2024, 0, 1) / 1000;

/** Times that virtual time stops at in one stretch without calls: enough for `for`, `cooldown` and windows to be seen in time. */
const MAX_TICKS = 2000;
/** Seconds; as the evaluator does. */
const TICK = 0.1;

/**
 * Calls on virtual time through the decision function and the engine that run in production, with one process and an evaluator that answer at once. Every call
 * is decided at its points, counted when it ends, and can be held by directives that earlier calls caused. Deterministic.
 */
export class CallSession {
  readonly transitions: Transition[] = [];
  readonly #set: GuardrailSet;
  readonly #engine: Engine;
  readonly #process: VirtualProcess;
  /** Calls that have not ended yet, soonest first. */
  readonly #open: { at: number; call: ModelCall; number: number }[] = [];
  #now: number;
  #calls = 0;

  /** @param start Seconds from epoch. */
  constructor(guardrails: readonly RevisedGuardrail[], start: number) {
    this.#now = start;
    this.#set = GuardrailSet.compile(guardrails).set;
    this.#process = new VirtualProcess(guardrails, () => this.#now);
    let verdicts = 0;
    this.#engine = createEngine({ newId: () => `verdict-${++verdicts}`, hashSeed: 1 });
    this.#engine.onTransition((transition) => {
      this.transitions.push(transition);
      this.#process.follow(transition);
    });
    const windowed = guardrails.filter(
      ({ guardrail: { spec } }) => spec.over !== null && strictestMode(spec) !== 'off',
    );
    this.#engine.load(windowed, start);
  }

  /** Virtual time, seconds from epoch. */
  get now(): number {
    return this.#now;
  }

  /** Lets time pass. Going back is not possible; an earlier time changes nothing. */
  advance(to: number): void {
    for (;;) {
      const next = this.#open[0];
      if (next === undefined || next.at > to) break;
      this.#open.shift();
      this.#tick(next.at);
      this.#end(next.call, next.number);
    }
    this.#tick(to);
  }

  /** Makes a call at a time. @returns what became of it */
  run(written: WrittenCall, at: number): SessionOutcome {
    this.advance(at);
    const { call } = written;
    call.startedAt = this.#now;
    const texts: Record<'prompt' | 'output', TextPart[]> = {
      prompt: writtenTexts('request', written, []),
      output: writtenTexts('response', written, call.toolCalls),
    };
    const decisions: Decision[] = [];
    for (const point of ['request', 'chunk', 'response'] as const satisfies InlinePoint[]) {
      const decided = this.#set.decide({
        point,
        call,
        texts: () => (point === 'request' ? texts.prompt : texts.output),
        directives: point === 'request' ? this.#process.directivesFor(call) : [],
        freshness: 'live',
        host: this.#process,
      });
      const finished = finishLiterally(decided);
      const decision =
        finished.sampling === undefined ? finished : settleSampling(finished, this.#process.random() * 100);
      decisions.push(decision);
      const changed = point === 'request' ? 'prompt' : 'output';
      texts[changed] = texts[changed].map((part) => ({ ...part, text: textAfter(part, decision) }));
      if (decision.end !== null) break;
    }
    const outcome: SessionOutcome = {
      ...strongest(decisions),
      prompt: texts.prompt[0]?.text,
      output: written.output === undefined ? undefined : texts.output[0]?.text,
    };
    call.decision = {
      action: outcome.action,
      disposition: outcome.disposition,
      guardrails: outcome.guardrails,
      rerouteTo: outcome.to,
      probe: decisions.some(({ probe }) => probe),
      directive: decisions.map(({ directive }) => directive).find((id) => id !== '') ?? '',
    };
    // The answer came from elsewhere, so it counts there.
    if (outcome.to !== '') call.model = { ...call.model, name: outcome.to, version: '' };
    this.#begin(call);
    return outcome;
  }

  /** States of the series of a guard-rail now. */
  series(guardrail: string): SeriesView[] {
    return this.#engine.series(guardrail);
  }

  #begin(call: ModelCall): void {
    const ends = this.#now + (call.duration > 0 ? call.duration : 0);
    let index = this.#open.length;
    while (index > 0 && this.#open[index - 1]!.at > ends) index--;
    this.#open.splice(index, 0, { at: ends, call, number: ++this.#calls });
    if (ends <= this.#now) this.advance(this.#now);
  }

  #end(call: ModelCall, number: number): void {
    const traceId = number.toString(16).padStart(32, '0');
    const id = { traceId, spanId: traceId.slice(16), callId: '' };
    const record = { call, id, source: 'replay', sampled: false, instance: 'virtual', incarnation: 'virtual' } as const;
    this.#engine.accept([record], this.#now);
  }

  #tick(to: number): void {
    if (to <= this.#now) return;
    const step = Math.max(TICK, (to - this.#now) / MAX_TICKS);
    for (let time = this.#now + step; time < to; time += step) {
      this.#now = time;
      this.#engine.tick(time);
    }
    this.#now = to;
    this.#engine.tick(to);
  }
}

const STRENGTH = ['allow', 'sample', 'annotate', 'reroute', 'rewrite', 'redact', 'throttle', 'shutdown', 'deny'];
/** A point at which nothing was evaluated says nothing about the others. */
const DISPOSITION_STRENGTH = [
  'not_evaluated',
  ...DISPOSITIONS.filter((disposition) => disposition !== 'not_evaluated'),
];

function strongest(decisions: readonly Decision[]): Omit<SessionOutcome, 'prompt' | 'output'> {
  const best = <K extends 'action' | 'disposition'>(key: K, order: readonly string[]): Decision[K] =>
    decisions.map((decision) => decision[key]).reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a));
  return {
    action: best('action', STRENGTH),
    disposition: best('disposition', DISPOSITION_STRENGTH),
    guardrails: [...new Set(decisions.flatMap(({ verdicts }) => verdicts.map(({ guardrail }) => guardrail)))].sort(),
    rewriters: decisions.flatMap(({ rewriting = [] }) => rewriting.flatMap(({ by }) => by?.name ?? [])),
    to: decisions.map(({ reroute }) => reroute?.to ?? '').find((to) => to !== '') ?? '',
  };
}
