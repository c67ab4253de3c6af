import type { ModelCall } from '../call/model-call.js';
import { canonicalJson } from '../canonical/canonical-json.js';
import { compileCondition } from '../condition/compile-condition.js';
import type { Condition } from '../condition/compile-condition.js';
import { CALL_VARIABLES, callVariablesAt, paramVariables } from '../condition/variables.js';
import { availableAt, FIELD_PHASE } from '../call/field-phase.js';
import type { Counter, Scoping } from '../document/scoping-types.js';
import type { Guardrail, InlinePoint } from '../document/types.js';
import { scopeReader } from '../match/scope.js';
import type { CompiledInline } from './compile-inline.js';
import type { Counters } from './counter-table.js';
import { exemptedBy } from './exemption.js';
import { withMode } from './with-mode.js';
import { rolloutShare } from './rollout-share.js';

/** A counter that is ready to be counted and read. */
export interface CompiledCounter {
  readonly name: string;
  /** Name in the table: counters of two guard-rails never mix. */
  readonly id: string;
  readonly window: number;
  /** Where a call is counted: at the request, or when its answer is known. */
  readonly point: InlinePoint;
  key(call: ModelCall): string;
  /** What one call adds; 0 for a call that cannot be judged. Never throws. */
  amount(call: ModelCall): number;
}

/** Which calls an inline guard-rail acts on, ready to be asked for each call; absent from nearly every guard-rail. */
export interface CompiledScoping {
  readonly where: Condition<boolean> | null;
  readonly counters: readonly CompiledCounter[];
  /** Constants under `params`, or null. */
  readonly params: NonNullable<Scoping['params']> | null;
  /** True when the call is outside of the rollout. */
  readonly outside: ((call: ModelCall) => boolean) | null;
  /** Seconds from epoch; Infinity: never. */
  readonly expires: number;
}

/** What `where`, `counters`, `params`, `rollout` and `expires` come to; null when the guard-rail has none of them. @throws ConditionError */
export function compileScoping({ metadata, spec }: Guardrail): CompiledScoping | null {
  const { where, params, counters, rollout, expires } = spec;
  if ([where, params, counters, rollout, expires].every((key) => key === undefined)) return null;
  const context = params === undefined ? null : { params };
  const constants = paramVariables(params);
  const condition =
    where === undefined ? null : compileCondition(where, { ...callVariablesAt('request'), ...constants }, 'bool');
  const by = rollout === undefined ? null : scopeReader(rollout.by);
  return {
    where: condition,
    counters: Object.entries(counters ?? {}).map(([name, counter]) =>
      compileCounter(`${metadata.name}/${name}`, name, counter, params),
    ),
    params: context?.params ?? null,
    outside:
      rollout === undefined || by === null ? null : (call) => rolloutShare(rollout.seed, by(call)) >= rollout.percent,
    expires: expires ?? Infinity,
  };
}

function compileCounter(id: string, name: string, counter: Counter, params: Scoping['params']): CompiledCounter {
  const variables = { ...counterVariables(), ...paramVariables(params) };
  const condition = counter.fn === 'count' ? compileCondition(counter.of, variables, 'bool') : null;
  const number = counter.fn === 'sum' ? compileCondition(counter.of, variables, 'double') : null;
  const roots = [...(condition ?? number)!.roots.filter((root) => root !== 'params'), ...counter.per.map(rootOf)];
  const readers = counter.per.map((field) =>
    field === 'toolCalls' ? (call: ModelCall) => canonicalJson(call.toolCalls) : scopeReader(field),
  );
  return {
    name,
    id,
    window: counter.window,
    point: roots.every((root) => availableAt(FIELD_PHASE[root] ?? 'request', 'request')) ? 'request' : 'response',
    key: (call) => readers.map((read) => read(call)).join('\u0001'),
    amount: (call) => {
      const context = params === undefined ? call : { ...call, params };
      try {
        if (condition !== null) return condition.evaluate(context) ? 1 : 0;
        const amount = number!.evaluate(context);
        return amount > 0 ? amount : 0;
      } catch {
        return 0;
      }
    },
  };
}

/** The fields that counters may read: everything of a call but protected groups and what comes late. */
export function counterVariables(): ReturnType<typeof callVariablesAt> {
  return callVariablesAt('response');
}

function rootOf(field: string): string {
  if (field === 'toolCalls') return field;
  return Object.hasOwn(CALL_VARIABLES, field) ? field : 'service';
}

/** Counts a call where its counters are counted. */
export function count(
  scoping: CompiledScoping,
  point: InlinePoint,
  call: ModelCall,
  table: Counters,
  now: number,
): void {
  for (const counter of scoping.counters) {
    if (counter.point !== point) continue;
    const amount = counter.amount(call);
    if (amount > 0) table.add(counter.id, counter.key(call), amount, counter.window, now);
  }
}

/** Guard-rails that do not judge a call though they match it, and why. */
export interface Skipped {
  guardrail: CompiledInline;
  /** `expired`, `where` could not be evaluated, or an exception exempts the call. */
  why: 'expired' | 'where' | 'exempted';
  /** Name of the exception; empty when it is none. */
  exception: string;
}

/** Of the guard-rails that match a call those that judge it, in the mode that the rollout gives them. */
export function applicable(
  list: readonly CompiledInline[],
  call: ModelCall,
): { inline: readonly CompiledInline[]; skipped: readonly Skipped[] } {
  const inline: CompiledInline[] = [];
  const skipped: Skipped[] = [];
  for (const guardrail of list) {
    const { scoping } = guardrail;
    const skip = (why: Skipped['why'], exception = ''): void => void skipped.push({ guardrail, why, exception });
    const holds = scoping === null || whereHolds(scoping, call);
    const exception = holds === false ? null : exemptedBy(guardrail.exceptions, call);
    if (scoping !== null && call.startedAt >= scoping.expires) skip('expired');
    else if (exception !== null) skip('exempted', exception);
    else if (holds === null) skip('where');
    else if (holds) inline.push(scoping === null ? guardrail : inRollout(guardrail, scoping, call));
  }
  return { inline, skipped };
}

/** What `where` says of a call; null when it cannot be evaluated. */
export function whereHolds({ where, params }: CompiledScoping, call: ModelCall): boolean | null {
  if (where === null) return true;
  try {
    return where.evaluate(params === null ? call : { ...call, params });
  } catch {
    return null;
  }
}

function inRollout(guardrail: CompiledInline, { outside }: CompiledScoping, call: ModelCall): CompiledInline {
  if (outside === null || guardrail.guardrail.spec.mode !== 'enforce' || !outside(call)) return guardrail;
  return { ...guardrail, guardrail: withMode(guardrail.guardrail, 'dryrun') };
}
