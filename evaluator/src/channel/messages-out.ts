import { requiredLevel } from '@guardspan/policy';
import type { CallSite, Directive, Match, ShareMessage, SnapshotMessage } from '@guardspan/policy';
import type { ActiveDirective } from './directives/active-directive.js';
import type { DirectiveManager } from './directives/directive-manager.js';
import { shareOf } from './directives/shares.js';
import type { Fleet } from './fleet/fleet.js';
import type { Listener, ProcessIdentity } from './fleet/process-match.js';
import { listenerOf, matchesModel, matchesProcess, scopeReaches } from './fleet/process-match.js';
import type { KillSwitches } from './kill-switches.js';
import type { Publication } from './publication.js';

/** Puts the messages for a process together: which directives reach it, and its share of them. */
export class OutgoingMessages {
  constructor(
    private readonly directives: () => DirectiveManager,
    private readonly publication: Publication,
    private readonly fleet: Fleet,
    private readonly kill: KillSwitches,
  ) {}

  /**
   * True when calls of this process can fall under the directive, and the process knows which: one that is too old for the guard-rail would act on calls that
   * were never counted, so that it is not told.
   */
  reaches(directive: Directive, listener: Listener): boolean {
    const guardrail = this.publication.get(directive.guardrail)?.guardrail;
    if (guardrail !== undefined) {
      if (listener.featureLevel < requiredLevel(guardrail)) return false;
      if (!matchesProcess(guardrail.spec.match, listener)) return false;
    }
    return scopeReaches(directive.scope, listener);
  }

  /** True when this process may hold the directive, whatever its guard-rail has become meanwhile: it must hear of the end. */
  mayHold({ scope }: Directive, identity: ProcessIdentity): boolean {
    return scopeReaches(scope, identity);
  }

  /** Live processes that a directive reaches, and how many processes apply it. A process without call sites of the model has no share. */
  reach(directive: Directive): { matching: number; applied: number } {
    let applied = 0;
    for (const instance of this.fleet.live()) if (instance.applied.has(directive.id)) applied++;
    return { matching: this.#matching(directive), applied };
  }

  /** True when a live process that knows of the directive for `patience` seconds, and calls its model, has not confirmed it. */
  isUnconfirmed({ wire, issuedAt }: ActiveDirective, patience: number): boolean {
    const before = this.fleet.time() - patience;
    if (issuedAt > before) return false;
    const match = this.publication.get(wire.guardrail)?.guardrail.spec.match;
    return this.fleet
      .live()
      .some(
        (instance) =>
          instance.since <= before &&
          !instance.applied.has(wire.id) &&
          this.reaches(wire, listenerOf(instance)) &&
          callsModel(instance.callSites, wire, match),
      );
  }

  /** A directive as it travels now, with the share of one instance. */
  withShare(directive: Directive): Directive {
    const { rate, burst, probe } = shareOf(directive.action, directive.probe, this.#matching(directive));
    return {
      ...directive,
      probeShare: probe,
      ...(directive.action.type === 'throttle' ? { share: { rate, burst } } : {}),
    };
  }

  /** The shares of one instance. */
  shares(directives: readonly Directive[]): ShareMessage['shares'] {
    return directives.map((directive) => ({
      directive: directive.id,
      ...shareOf(directive.action, directive.probe, this.#matching(directive)),
    }));
  }

  #matching(directive: Directive): number {
    const match = this.publication.get(directive.guardrail)?.guardrail.spec.match;
    let matching = 0;
    for (const { listener, callSites, count } of this.fleet.kinds())
      if (this.reaches(directive, listener) && callsModel(callSites, directive, match)) matching += count;
    return matching;
  }

  /** The snapshot for a process, as text: the guard-rails in it are encoded once for all. */
  snapshot(listener: Listener): { text: string; revision: string } {
    const { revision, json, limits } = this.publication.selection(listener);
    const manager = this.directives();
    const rest: Omit<SnapshotMessage, 'guardrails'> = {
      type: 'snapshot',
      revision,
      epoch: manager.epoch,
      directiveSeq: manager.seq,
      directives: manager
        .held()
        .filter(({ wire }) => this.reaches(wire, listener))
        .map(({ wire }) => this.withShare(wire)),
      kill: this.kill.wire(listener.service),
      limits: [...limits],
    };
    return { text: `${JSON.stringify(rest).slice(0, -1)},"guardrails":${json}}`, revision };
  }
}

function callsModel(callSites: readonly CallSite[], directive: Directive, match: Match | undefined): boolean {
  if (callSites.length === 0) return true;
  return callSites.some(({ model, version }) => {
    const named = directive.scope['model'];
    if (named !== undefined && model !== '*' && model !== named) return false;
    return match === undefined || matchesModel(match, model, version);
  });
}
