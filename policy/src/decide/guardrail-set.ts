import { setDigest } from '../canonical/revision.js';
import type { ModelCall } from '../call/model-call.js';
import type { InlinePoint, RevisedGuardrail } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { effectiveMode, strictestMode } from '../document/effective-mode.js';
import { compileScope } from '../match/compile-scope.js';
import { compileScoping } from './applicable.js';
import { askedOf } from './asked-of.js';
import type { Asked } from './asked-of.js';
import type { CompiledScoping } from './applicable.js';
import { compileWindowedMatch } from './compile-calls.js';
import { withMode } from './with-mode.js';
import { compileInline } from './compile-inline.js';
import type { CompiledInline } from './compile-inline.js';
import { CounterTable } from './counter-table.js';
import { decideCall, decideInPhases, isSilent, NOTHING_SAID } from './decide-call.js';
import { compileExceptions } from './exemption.js';
import type { CompiledException } from './exemption.js';
import { actionClassOf } from './failure-table.js';
import type { ActionClass, DecideInput, Decision, PhasedDecision } from './types.js';

/** A guard-rail that could not be compiled here: it still takes part in decisions, as a row of the failure table. */
export interface BrokenInline extends RevisedGuardrail {
  readonly name: string;
  readonly point: InlinePoint;
  readonly actionClass: ActionClass;
  readonly matches: (call: ModelCall) => boolean;
}

/** The guard-rails that may speak about one call at one point. */
export interface InlinePlan {
  readonly inline: readonly CompiledInline[];
  /** Those of {@link inline} that judge a part of these calls only. */
  readonly partly: readonly CompiledInline[];
  /** Of the others, which judge all of these calls, those whose condition does not rule all of them out. */
  readonly asked: readonly Asked[];
  readonly broken: readonly BrokenInline[];
  /** Names of windowed guard-rails in `enforce` that match; what happens to them without an evaluator is the failure table's. */
  readonly windowed: readonly RevisedGuardrail[];
  /** Names of windowed guard-rails of the set that do not match: their directives are not for this call, whatever their scope. */
  readonly unmatched: ReadonlySet<string>;
  /** By name, windowed guard-rails that match and are about a part of these calls, or act in another mode than a directive says; null when there are none. */
  readonly narrowed: ReadonlyMap<string, NarrowedGuardrail> | null;
  /** Guard-rails whose counters count calls at this point. */
  readonly counting: readonly CompiledInline[];
  /** By name of a matching windowed guard-rail, what exempts calls from it; null when nothing exempts from any. */
  readonly exceptions: ReadonlyMap<string, readonly CompiledException[]> | null;
}

/** Why one guard-rail of a set could not be loaded. */
export interface CompileFailure {
  guardrail: string;
  revision: string;
  code: string;
  message: string;
}

// What arrives over a wire may lack anything; without these members not even the failure table can speak for a guard-rail.
function isReadable(revised: RevisedGuardrail): boolean {
  const { spec, metadata } = (revised?.guardrail ?? {}) as Partial<RevisedGuardrail['guardrail']>;
  return (
    typeof metadata?.name === 'string' &&
    typeof spec?.mode === 'string' &&
    typeof spec.action?.type === 'string' &&
    typeof spec.match === 'object' &&
    spec.match !== null &&
    Object.values(spec.match).every((globs) => Array.isArray(globs))
  );
}

function nameOf(revised: RevisedGuardrail): string {
  const name: unknown = revised?.guardrail?.metadata?.name;
  return typeof name === 'string' ? name : '';
}

const MAX_PLANS = 4096;

/** A guard-rail whose directives are carried out here. */
interface CompiledDirected {
  readonly revised: RevisedGuardrail;
  readonly matches: (call: ModelCall) => boolean;
  readonly exceptions: readonly CompiledException[] | null;
  readonly scoping: CompiledScoping | null;
}

/** A windowed guard-rail with keys that say which of the calls that match it is about; its mode is that of the environment. */
export interface NarrowedGuardrail extends RevisedGuardrail {
  readonly scoping: CompiledScoping | null;
}

function narrowedOf(list: readonly CompiledDirected[], { environment }: ModelCall): InlinePlan['narrowed'] {
  const found = list
    .filter(({ revised, scoping }) => scoping !== null || revised.guardrail.spec.overrides !== undefined)
    .map(({ revised, scoping }) => ({ ...inEnvironment(revised, environment), scoping }));
  return found.length === 0 ? null : new Map(found.map((one) => [one.guardrail.metadata.name, one]));
}

function exceptionsOf(list: readonly CompiledDirected[]): InlinePlan['exceptions'] {
  const found = new Map<string, readonly CompiledException[]>();
  for (const { revised, exceptions } of list)
    if (exceptions !== null) found.set(revised.guardrail.metadata.name, exceptions);
  return found.size === 0 ? null : found;
}

function judgesPartly({ scoping, exceptions }: CompiledInline): boolean {
  return scoping !== null || exceptions !== null;
}

function isOn({ guardrail }: RevisedGuardrail): boolean {
  return guardrail.spec.mode !== 'off';
}

/** The same guard-rail with the mode that it has in an environment. */
function inEnvironment<T extends RevisedGuardrail>(revised: T, environment: string): T {
  const { guardrail } = revised;
  const mode = effectiveMode(guardrail.spec, environment);
  return mode === guardrail.spec.mode ? revised : { ...revised, guardrail: withMode(guardrail, mode) };
}

/** The plan of one call, and the fields by which it was chosen: those that `match` reads. */
class RememberedPlan {
  readonly #service: string;
  readonly #model: string;
  readonly #version: string;
  readonly #environment: string;
  readonly #tenant: string;
  readonly #operation: string;
  readonly #featureView: string;

  constructor(
    { service, model, environment, tenant, operation, featureView }: ModelCall,
    readonly plan: InlinePlan,
  ) {
    this.#service = service;
    this.#model = model.name;
    this.#version = model.version;
    this.#environment = environment;
    this.#tenant = tenant;
    this.#operation = operation;
    this.#featureView = featureView.name;
  }

  is({ service, model, environment, tenant, operation, featureView }: ModelCall): boolean {
    return (
      model.name === this.#model &&
      model.version === this.#version &&
      tenant === this.#tenant &&
      operation === this.#operation &&
      service === this.#service &&
      environment === this.#environment &&
      featureView.name === this.#featureView
    );
  }
}

/** A compiled set of guard-rails with one digest: what a process decides with. Immutable; a new revision makes a new set. */
export class GuardrailSet {
  /** Digest of the set, {@link setDigest}. */
  readonly revision: string;
  readonly guardrails: readonly RevisedGuardrail[];
  readonly #inline: CompiledInline[] = [];
  readonly #broken: BrokenInline[] = [];
  readonly #windowed: CompiledDirected[] = [];
  /** Windowed guard-rails of which it is not known here which calls they are about: their directives act on none. */
  readonly #unreadable: string[] = [];
  readonly #plans = new Map<string, InlinePlan>();
  readonly #last: { [point in InlinePoint]?: RememberedPlan } = {};
  /** For hosts that lend none: these last as long as the set. */
  readonly #counters = new CounterTable();

  private constructor(guardrails: readonly RevisedGuardrail[]) {
    this.guardrails = guardrails;
    this.revision = setDigest(guardrails);
  }

  /** The set with nothing in it. */
  static empty(): GuardrailSet {
    return new GuardrailSet([]);
  }

  /** Compiles a set. Guard-rails that cannot be compiled are reported and stay in the set as rows of the failure table. Never throws. */
  static compile(list: readonly RevisedGuardrail[]): { set: GuardrailSet; errors: CompileFailure[] } {
    const errors: CompileFailure[] = [];
    const readable = list.filter((revised) => {
      if (isReadable(revised)) return true;
      errors.push({
        guardrail: nameOf(revised),
        revision: String(revised?.revision ?? ''),
        code: 'GUARDSPAN_UNPARSABLE',
        message: 'the guard-rail has not the shape of a normal form',
      });
      return false;
    });
    const set = new GuardrailSet(readable);
    const ordered = [...readable].sort((a, b) => (a.guardrail.metadata.name < b.guardrail.metadata.name ? -1 : 1));
    for (const revised of ordered) {
      const { spec, metadata } = revised.guardrail;
      if (strictestMode(spec) === 'off') continue;
      try {
        if (spec.at === null)
          set.#windowed.push({
            revised,
            matches: compileWindowedMatch(spec),
            exceptions: compileExceptions(revised.guardrail),
            scoping: compileScoping(revised.guardrail),
          });
        else set.#inline.push(compileInline(revised));
      } catch (error) {
        const code = error instanceof GuardspanError ? error.code : 'GUARDSPAN_UNPARSABLE';
        errors.push({ guardrail: metadata.name, revision: revised.revision, code, message: (error as Error).message });
        if (spec.at !== null) {
          set.#broken.push({
            ...revised,
            name: metadata.name,
            point: spec.at,
            actionClass: actionClassOf(spec.action, false),
            matches: compileScope(spec),
          });
        } else set.#unreadable.push(metadata.name);
      }
    }
    return { set, errors };
  }

  /** The guard-rails that match a call at a point; cached by the fields that `match` reads. */
  plan(point: InlinePoint, call: ModelCall): InlinePlan {
    const last = this.#last[point];
    // Most calls are like the one before, and comparing is much cheaper than building the key.
    if (last?.is(call) === true) return last.plan;
    const plan = this.#plan(point, call);
    this.#last[point] = new RememberedPlan(call, plan);
    return plan;
  }

  #plan(point: InlinePoint, call: ModelCall): InlinePlan {
    const { model } = call;
    const key = `${point}\0${call.service}\0${model.name}\0${model.version}\0${call.environment}\0${call.tenant}\0${call.operation}\0${call.featureView.name}`;
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#plans.size >= MAX_PLANS) this.#plans.clear();
      const inline = this.#inline
        .filter((guardrail) => guardrail.matches(call))
        .map((guardrail) => inEnvironment(guardrail, call.environment))
        .filter(isOn);
      const windowed = this.#windowed.filter(({ matches }) => matches(call));
      const request = point === 'request';
      const here = inline.filter((guardrail) => guardrail.point === point);
      plan = {
        inline: here,
        partly: here.filter(judgesPartly),
        asked: askedOf(
          here.filter((guardrail) => !judgesPartly(guardrail)),
          call,
        ),
        broken: this.#broken
          .filter((guardrail) => guardrail.point === point && guardrail.matches(call))
          .map((guardrail) => inEnvironment(guardrail, call.environment))
          .filter(isOn),
        windowed: request ? windowed.map(({ revised }) => inEnvironment(revised, call.environment)) : [],
        unmatched: new Set([
          ...this.#unreadable,
          ...this.#windowed
            .filter((one) => !windowed.includes(one))
            .map(({ revised }) => revised.guardrail.metadata.name),
        ]),
        exceptions: request ? exceptionsOf(windowed) : null,
        narrowed: request ? narrowedOf(windowed, call) : null,
        counting: inline.filter(({ scoping }) => scoping?.counters.some((counter) => counter.point === point) === true),
      };
      this.#plans.set(key, plan);
    }
    return plan;
  }

  /**
   * What is decided about a call at a point where no guard-rail of the set has anything to say; null where one has, or a directive may have. Spares a caller the
   * input of a decision.
   */
  nothingSaid(point: InlinePoint, call: ModelCall, directives: number): PhasedDecision | null {
    if (directives > 0) return null;
    return this.guardrails.length === 0 || isSilent(this.plan(point, call)) ? NOTHING_SAID : null;
  }

  /** True when some guard-rail of the set matches the call at any point. */
  covers(call: ModelCall): boolean {
    if (this.guardrails.length === 0) return false;
    const request = this.plan('request', call);
    if (request.inline.length + request.broken.length + request.windowed.length > 0) return true;
    return (['chunk', 'response'] as const).some((point) => {
      const { inline, broken } = this.plan(point, call);
      return inline.length + broken.length > 0;
    });
  }

  /** The decision about one call at one point. Never throws; pure but for `input.host`. */
  decide(input: DecideInput): Decision {
    return decideCall(this.plan(input.point, input.call), input, this.#counters);
  }

  /** The decision in phases, for a caller that can wait for checks outside of the process. Never throws; pure but for `input.host`. */
  decideInPhases(input: DecideInput): PhasedDecision {
    return decideInPhases(this.plan(input.point, input.call), input, this.#counters);
  }
}
