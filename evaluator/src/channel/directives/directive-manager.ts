import { canonicalJson, METRIC, seriesMode } from '@guardspan/policy';
import { storedReport } from '../../engine/evidence/stored-report.js';
import type { Directive, RevisedGuardrail } from '@guardspan/policy';
import type { SeriesView, Transition } from '../../engine/types.js';
import type { DirectiveState, DirectiveView, EventPublisher, PendingDirective } from '../../http/deps.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { Store, VerdictRow } from '../../store/types.js';
import type { ActiveDirective } from './active-directive.js';
import type { Recorder } from './recorder.js';

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

/** What a person said about an action that waited. */
type Answer = 'approved' | 'rejected';

/** Turns changes of state of series into verdicts and leased directives, keeps the leases, and puts all of it on record. */
export class DirectiveManager implements DirectiveView {
  readonly #options: DirectiveManagerOptions;
  readonly #active = new Map<string, ActiveDirective>();
  readonly #byId = new Map<string, ActiveDirective>();
  /** Key: id of the verdict. */
  readonly #waiting = new Map<string, Waiting>();
  /** Ids of verdicts whose action a person or a timeout refused, while their series fire. */
  readonly #refused = new Set<string>();
  readonly #rows = new Map<string, VerdictRow>();
  readonly #listeners = new Set<DirectiveListener>();
  #seq = 0;

  constructor(options: DirectiveManagerOptions) {
    this.#options = options;
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
    this.#record(transition, revised, 'enforced', code, by);
    for (const { transition: other } of same) {
      if (other.verdictId === transition.verdictId) continue;
      this.#waiting.delete(other.verdictId);
      this.#issue(other, revised);
      this.#record(other, revised, 'enforced', code, by);
    }
    this.#options.answered();
  }

  #refuse(transition: Transition, revised: RevisedGuardrail, code: string, by: string): void {
    this.#waiting.delete(transition.verdictId);
    this.#refused.add(transition.verdictId);
    this.#record(transition, revised, 'would_act', code, by);
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
    else if (transition.verdictId !== '') this.#progress(transition);
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
    for (const row of rows) this.#rows.set(row.id, row);
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
    for (const row of rows) if (!alive.has(row.id)) this.#endRow(row, this.#options.now(), this.#endOf(row));
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
    if (mode !== 'enforce') return this.#record(transition, revised, 'would_act', transition.code, 'evaluator');
    const key = keyOf(transition.guardrail, scopeOf(revised, transition.series));
    const mine = this.held().filter(({ wire }) => wire.guardrail === transition.guardrail).length;
    if (answer === 'rejected') return this.#refuse(transition, revised, 'rejected', 'evaluator');
    const tooMany = mine >= spec.limits.maxScopes;
    if (!this.#active.has(key) && answer === undefined && (tooMany || spec.ask !== undefined)) {
      const { at, verdictId } = transition;
      const until = spec.ask === undefined ? 0 : at + spec.ask.timeout;
      this.#waiting.set(verdictId, { transition, at, reason: tooMany ? 'max_scopes' : 'approval', until });
      return this.#record(transition, revised, 'would_act', 'needs_approval', 'evaluator');
    }
    // The directive leaves first: nothing that follows may delay it.
    this.#issue(transition, revised);
    this.#record(transition, revised, 'enforced', transition.code, 'evaluator');
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
    const row = this.#rows.get(transition.verdictId);
    if (row !== undefined) this.#endRow(row, transition.at, transition.code);
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

  #progress(transition: Transition): void {
    const row = this.#rows.get(transition.verdictId);
    if (row === undefined) return;
    row.state = transition.to;
    row.lastAt = transition.at;
    this.#write(row, transition.code, false, 'evaluator');
  }

  #endRow(row: VerdictRow, at: number, code: string): void {
    row.state = 'ok';
    row.lastAt = at;
    row.releasedAt = at;
    this.#rows.delete(row.id);
    this.#write(row, code, false, 'evaluator');
  }

  #record(t: Transition, revised: RevisedGuardrail, disposition: string, code: string, actor: string): void {
    const { spec } = revised.guardrail;
    const before = this.#rows.get(t.verdictId);
    const row: VerdictRow = {
      id: t.verdictId,
      guardrail: t.guardrail,
      revision: t.revision,
      series: t.series,
      mode: seriesMode(spec, t.series),
      action: spec.action.type,
      disposition,
      state: t.to,
      code,
      message: t.message,
      firstAt: before?.firstAt ?? t.at,
      lastAt: t.at,
      releasedAt: 0,
      signals: t.signals,
      trace: t.trace,
      exampleTraceIds: t.exampleTraceIds,
      auditSeq: before?.auditSeq ?? 0,
    };
    this.#rows.set(row.id, row);
    const report = before === undefined && t.evidence !== undefined ? storedReport(t.evidence) : undefined;
    this.#write(row, code, before === undefined, actor, report);
  }

  #write(row: VerdictRow, code: string, opens: boolean, actor: string, report?: unknown): void {
    const { id, guardrail, revision, series, mode, action, disposition, state, message, signals } = row;
    this.#options.recorder.verdict(
      row,
      {
        kind: 'verdict',
        at: row.lastAt,
        actor,
        guardrail,
        traceId: row.exampleTraceIds.at(-1) ?? '',
        verdictId: id,
        body: { revision, series, mode, action, disposition, state, code, message, signals: finite(signals) },
      },
      opens,
      report,
    );
    this.#options.events.publish({
      type: 'verdict',
      at: row.lastAt,
      data: { id, guardrail, state, disposition, code, series },
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

/** What the audit says that a person answered about a verdict; undefined when nobody did. */
async function answerTo(verdictId: string, store: Pick<Store, 'queryAudit'>): Promise<Answer | undefined> {
  const records = await store.queryAudit({ kind: 'override', verdictId, descending: true, limit: 10 });
  const changes = records.map(({ body }) => (body as { change?: string }).change);
  return changes.find((change): change is Answer => change === 'approved' || change === 'rejected');
}

/** How a series that fires came to do so; `row` is its verdict as far as it was stored. */
function transitionOf(view: SeriesView, row: VerdictRow | undefined): Transition {
  const { verdictId, guardrail, revision, series, state, signals } = view;
  return {
    verdictId,
    at: row?.firstAt ?? view.since,
    guardrail,
    revision,
    series,
    from: 'ok',
    to: state,
    code: 'condition',
    message: row?.message ?? '',
    trace: (row?.trace as Transition['trace'] | undefined) ?? [],
    signals,
    exampleTraceIds: row?.exampleTraceIds ?? [],
  };
}

/** JSON has no NaN: unknown numbers become null. */
function finite(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
