import { canonicalJson, METRIC, seriesMode } from '@guardspan/policy';
import type { Directive, RevisedGuardrail } from '@guardspan/policy';
import type { SeriesView, Transition } from '../../engine/types.js';
import type { DirectiveState, DirectiveView, EventPublisher, PendingDirective } from '../../http/deps.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { Store } from '../../store/types.js';
import type { ActiveDirective } from './active-directive.js';
import type { Recorder } from './recorder.js';
import { answerTo, transitionOf, type Answer } from './stored-verdicts.js';
import { VerdictRows } from './verdict-rows.js';

/** What the manager tells the channel. */
export interface DirectiveListener {
  issued(directive: ActiveDirective): void;
  released(directive: ActiveDirective, reason: string): void;
  renewed(directives: readonly ActiveDirective[]): void;
}

/** Options of {@link DirectiveManager}. Times in seconds. */
export interface DirectiveManagerOptions {
  /** Stored before it is given here. */
  epoch: number;
  lease: number;
  now: () => number;
  newId: () => string;
  guardrail: (name: string) => RevisedGuardrail | undefined;
  recorder: Recorder;
  metrics: Metrics;
  events: EventPublisher;
  /** Called when an action that waited for a person waits no longer, but for the end of its verdict. */
  answered: () => void;
  /** Live instances that a directive reaches, and how many of them confirmed it. */
  reach: (directive: Directive) => { matching: number; applied: number };
}

interface Waiting {
  transition: Transition;
  at: number;
  reason: PendingDirective['reason'];
  /** Seconds from epoch; 0 without end. */
  until: number;
}

/** Turns changes of state of series into verdicts and leased directives, keeps the leases, and puts all of it on record. */
export class DirectiveManager implements DirectiveView {
  readonly #options: DirectiveManagerOptions;
  readonly #active = new Map<string, ActiveDirective>();
  readonly #byId = new Map<string, ActiveDirective>();
  /** Key: id of the verdict. */
  readonly #waiting = new Map<string, Waiting>();
  /** Ids of verdicts whose action a person or a timeout refused, while their series fire. */
  readonly #refused = new Set<string>();
  readonly #rows: VerdictRows;
  readonly #listeners = new Set<DirectiveListener>();
  #seq = 0;

  constructor(options: DirectiveManagerOptions) {
    this.#options = options;
    this.#rows = new VerdictRows(options);
  }

  get epoch(): number {
    return this.#options.epoch;
  }

  /** Position in the directive log of this epoch. */
  get seq(): number {
    return this.#seq;
  }

  listen(listener: DirectiveListener): void {
    this.#listeners.add(listener);
  }

  /** Directives in force. */
  held(): ActiveDirective[] {
    return [...this.#active.values()];
  }

  /** The directive in force with this id. */
  get(id: string): ActiveDirective | undefined {
    return this.#byId.get(id);
  }

  active(): DirectiveState[] {
    return this.held().map(({ wire, issuedAt, renewedAt, releasedAt }) => {
      const { matching, applied } = this.#options.reach(wire);
      return { ...wire, issuedAt, leaseUntil: renewedAt + wire.expiresIn, releasedAt, appliedBy: applied, matching };
    });
  }

  pending(): PendingDirective[] {
    return [...this.#waiting.values()].map(({ transition, at, reason, until }) => {
      const revised = this.#options.guardrail(transition.guardrail);
      return {
        verdictId: transition.verdictId,
        guardrail: transition.guardrail,
        scope: scopeOf(revised, transition.series),
        at,
        reason,
        until,
        onTimeout: until === 0 ? '' : (revised?.guardrail.spec.ask?.onTimeout ?? ''),
      };
    });
  }

  /** True when no directive carries this verdict out because a person has not let it, or refused it. */
  isHeld(verdictId: string): boolean {
    return this.#waiting.has(verdictId) || this.#refused.has(verdictId);
  }

  approve(verdictId: string, by: string): boolean {
    const waiting = this.#waiting.get(verdictId);
    const revised = waiting && this.#current(waiting.transition);
    if (waiting === undefined || revised === undefined) return false;
    this.#execute(waiting.transition, revised, waiting.transition.code, by);
    return true;
  }

  reject(verdictId: string, by: string): boolean {
    const waiting = this.#waiting.get(verdictId);
    const revised = waiting && this.#current(waiting.transition);
    if (waiting === undefined || revised === undefined) return false;
    this.#refuse(waiting.transition, revised, 'rejected', by);
    return true;
  }

  /** Takes the action of a verdict, and with it that of every other verdict that waits to act on the same scope. */
  #execute(transition: Transition, revised: RevisedGuardrail, code: string, by: string): void {
    const key = keyOf(transition.guardrail, scopeOf(revised, transition.series));
    this.#issue(transition, revised);
    const same = [...this.#waiting.values()].filter(
      (one) =>
        one.transition.revision === transition.revision &&
        keyOf(one.transition.guardrail, scopeOf(revised, one.transition.series)) === key,
    );
    this.#waiting.delete(transition.verdictId);
    this.#rows.record(transition, revised, 'enforced', code, by);
    for (const { transition: other } of same) {
      if (other.verdictId === transition.verdictId) continue;
      this.#waiting.delete(other.verdictId);
      this.#issue(other, revised);
      this.#rows.record(other, revised, 'enforced', code, by);
    }
    this.#options.answered();
  }

  #refuse(transition: Transition, revised: RevisedGuardrail, code: string, by: string): void {
    this.#waiting.delete(transition.verdictId);
    this.#refused.add(transition.verdictId);
    this.#rows.record(transition, revised, 'would_act', code, by);
    this.#options.answered();
  }

  /** Ends the waits whose time is over, as their documents say. */
  #timeOut(now: number): void {
    for (const { transition, until } of [...this.#waiting.values()]) {
      const revised = this.#current(transition);
      const ask = revised?.guardrail.spec.ask;
      if (until === 0 || now < until || !this.#waiting.has(transition.verdictId)) continue;
      if (revised === undefined || ask === undefined) continue;
      const { guardrail, verdictId } = transition;
      const body = { change: 'approval_timeout', onTimeout: ask.onTimeout, scope: scopeOf(revised, transition.series) };
      const actor = 'evaluator';
      this.#options.recorder.audit({ kind: 'override', at: now, actor, guardrail, traceId: '', verdictId, body });
      if (ask.onTimeout === 'execute') this.#execute(transition, revised, 'approval_timeout', actor);
      else this.#refuse(transition, revised, 'approval_timeout', actor);
    }
  }

  /** Feed it every transition of the engine. */
  onTransition(transition: Transition): void {
    const revised = this.#current(transition);
    if (transition.to === 'firing' && transition.from !== 'probing') this.#fire(transition, revised);
    else if (transition.to === 'ok') this.#recover(transition);
    else if (transition.verdictId !== '') this.#rows.progress(transition);
  }

  /**
   * Renews leases at a third of their length, and with them those that reach a sixth: so many directives that were issued one by one cost few messages. Call
   * it at least each second.
   */
  tick(): void {
    const now = this.#options.now();
    this.#timeOut(now);
    const older = (part: number): ActiveDirective[] =>
      this.held().filter(({ renewedAt, wire }) => now - renewedAt >= wire.expiresIn * part);
    if (older(1 / 3).length === 0) return;
    const due = older(1 / 6);
    for (const directive of due) directive.renewedAt = now;
    for (const listener of this.#listeners) listener.renewed(due);
  }

  /**
   * Takes over what an earlier start left: directives of series that still fire go on under the new epoch, the others are released; a
   * firing series whose directive or verdict did not reach the store gets them now.
   */
  async restore(store: Store, series: readonly SeriesView[]): Promise<void> {
    const stored = await store.activeDirectives();
    const rows = await store.verdicts({ active: true, limit: 1000 });
    this.#rows.take(rows);
    const firing = series.filter(({ state }) => state === 'firing' || state === 'probing');
    const alive = new Set(firing.map(({ verdictId }) => verdictId));

    for (const { issuedAt, releasedAt, ...wire } of stored) {
      const revised = this.#options.guardrail(wire.guardrail);
      const key = keyOf(wire.guardrail, wire.scope);
      const holders = firing.filter(
        (view) =>
          view.revision === wire.revision &&
          view.guardrail === wire.guardrail &&
          keyOf(view.guardrail, scopeOf(revised, view.series)) === key,
      );
      const again: ActiveDirective = {
        wire: { ...wire, epoch: this.#options.epoch, seq: ++this.#seq, expiresIn: this.#options.lease },
        holders: new Set(holders.map((view) => canonicalJson(view.series))),
        issuedAt,
        renewedAt: this.#options.now(),
        releasedAt,
      };
      if (holders.length > 0 && revised?.revision === wire.revision) {
        this.#active.set(key, again);
        this.#byId.set(wire.id, again);
        this.#options.recorder.directive(again, undefined);
      } else this.#close(again, this.#endOf(wire));
    }
    for (const view of firing) {
      const row = this.#rows.get(view.verdictId);
      const transition = transitionOf(view, row);
      const revised = this.#current(transition);
      if (revised === undefined) continue;
      const held = this.#active.get(keyOf(view.guardrail, scopeOf(revised, view.series)));
      if (row === undefined || (held === undefined && seriesMode(revised.guardrail.spec, view.series) === 'enforce'))
        this.#fire(transition, revised, await answerTo(view.verdictId, store));
    }
    for (const row of rows) if (!alive.has(row.id)) this.#rows.end(row.id, this.#options.now(), this.#endOf(row));
  }

  /** @param answer What a person said about this verdict before a restart. */
  #fire(transition: Transition, revised: RevisedGuardrail | undefined, answer?: Answer): void {
    if (revised === undefined) return;
    const { spec } = revised.guardrail;
    const mode = seriesMode(spec, transition.series);
    this.#options.metrics.add(
      METRIC.VERDICTS,
      { guardrail: transition.guardrail, mode, action: spec.action.type },
      1,
      transition.exampleTraceIds.at(-1) ?? '',
    );
    if (mode !== 'enforce') return this.#rows.record(transition, revised, 'would_act', transition.code, 'evaluator');
    const key = keyOf(transition.guardrail, scopeOf(revised, transition.series));
    const mine = this.held().filter(({ wire }) => wire.guardrail === transition.guardrail).length;
    if (answer === 'rejected') return this.#refuse(transition, revised, 'rejected', 'evaluator');
    const tooMany = mine >= spec.limits.maxScopes;
    if (!this.#active.has(key) && answer === undefined && (tooMany || spec.ask !== undefined)) {
      const { at, verdictId } = transition;
      const until = spec.ask === undefined ? 0 : at + spec.ask.timeout;
      this.#waiting.set(verdictId, { transition, at, reason: tooMany ? 'max_scopes' : 'approval', until });
      return this.#rows.record(transition, revised, 'would_act', 'needs_approval', 'evaluator');
    }
    // The directive leaves first: nothing that follows may delay it.
    this.#issue(transition, revised);
    this.#rows.record(transition, revised, 'enforced', transition.code, 'evaluator');
  }

  #issue(transition: Transition, revised: RevisedGuardrail): void {
    const { spec } = revised.guardrail;
    const scope = scopeOf(revised, transition.series);
    const key = keyOf(transition.guardrail, scope);
    const holder = canonicalJson(transition.series);
    const held = this.#active.get(key);
    if (held !== undefined) {
      held.holders.add(holder);
      return;
    }
    const directive: ActiveDirective = {
      wire: {
        id: this.#options.newId(),
        epoch: this.#options.epoch,
        seq: ++this.#seq,
        guardrail: transition.guardrail,
        revision: transition.revision,
        verdict: transition.verdictId,
        scope,
        action: spec.action,
        mode: seriesMode(spec, transition.series),
        onStale: spec.onStale,
        probe: { share: spec.probe.share, perSecond: spec.probe.perSecond },
        reason: {
          code: transition.code,
          message: transition.message,
          trace: transition.trace,
          traceId: transition.exampleTraceIds.at(-1) ?? '',
        },
        expiresIn: this.#options.lease,
      },
      holders: new Set([holder]),
      issuedAt: this.#options.now(),
      renewedAt: this.#options.now(),
      releasedAt: 0,
    };
    this.#active.set(key, directive);
    this.#byId.set(directive.wire.id, directive);
    for (const listener of this.#listeners) listener.issued(directive);
    const { wire } = directive;
    this.#options.metrics.add(METRIC.DIRECTIVES, { guardrail: wire.guardrail, action: wire.action.type }, 1);
    this.#options.recorder.directive(directive, {
      kind: 'directive',
      at: directive.issuedAt,
      actor: 'evaluator',
      guardrail: wire.guardrail,
      traceId: wire.reason.traceId,
      verdictId: wire.verdict,
      body: { change: 'issued', id: wire.id, epoch: wire.epoch, seq: wire.seq, scope, action: wire.action },
    });
    this.#options.events.publish({
      type: 'directive',
      at: directive.issuedAt,
      data: { id: wire.id, change: 'issued', guardrail: wire.guardrail, scope, action: wire.action.type },
    });
  }

  #recover(transition: Transition): void {
    this.#waiting.delete(transition.verdictId);
    this.#refused.delete(transition.verdictId);
    const holder = canonicalJson(transition.series);
    for (const [key, directive] of this.#active) {
      if (directive.wire.guardrail !== transition.guardrail || directive.wire.revision !== transition.revision)
        continue;
      if (!directive.holders.delete(holder) || directive.holders.size > 0) continue;
      this.#active.delete(key);
      this.#close(directive, transition.code);
    }
    this.#rows.end(transition.verdictId, transition.at, transition.code);
  }

  #close(directive: ActiveDirective, reason: string): void {
    directive.releasedAt = this.#options.now();
    this.#byId.delete(directive.wire.id);
    this.#seq++;
    for (const listener of this.#listeners) listener.released(directive, reason);
    const { id, guardrail, verdict, scope, action } = directive.wire;
    this.#options.recorder.directive(directive, {
      kind: 'directive',
      at: directive.releasedAt,
      actor: 'evaluator',
      guardrail,
      traceId: '',
      verdictId: verdict,
      body: { change: 'released', id, scope, reason },
    });
    this.#options.events.publish({
      type: 'directive',
      at: directive.releasedAt,
      data: { id, change: 'released', guardrail, scope, action: action.type, reason },
    });
  }

  /** Why what an earlier start left is over: its guard-rail expired meanwhile, or is not the same any more. */
  #endOf({ guardrail, revision }: { guardrail: string; revision: string }): 'expired' | 'document_changed' {
    const revised = this.#options.guardrail(guardrail);
    const expires = revised?.guardrail.spec.expires ?? Infinity;
    return revised?.revision === revision && this.#options.now() >= expires ? 'expired' : 'document_changed';
  }

  /** The guard-rail of a transition if it is still the one in force. */
  #current({ guardrail, revision }: Transition): RevisedGuardrail | undefined {
    const revised = this.#options.guardrail(guardrail);
    return revised?.revision === revision ? revised : undefined;
  }
}

function keyOf(guardrail: string, scope: { [field: string]: string }): string {
  return `${guardrail}\n${canonicalJson(scope)}`;
}

function scopeOf(
  revised: RevisedGuardrail | undefined,
  series: { [field: string]: string },
): { [field: string]: string } {
  const scope: { [field: string]: string } = {};
  for (const field of revised?.guardrail.spec.scope ?? []) scope[field] = series[field] ?? '';
  return scope;
}
