import type { Directive, ShareMessage, SnapshotMessage } from '@guardspan/policy';
import type { DirectiveManager } from './directives/directive-manager.js';
import { shareOf } from './directives/shares.js';
import type { Fleet } from './fleet/fleet.js';
import type { Instance } from './fleet/instance.js';
import type { ProcessIdentity } from './fleet/process-match.js';
import { matchesModel, matchesProcess, scopeReaches } from './fleet/process-match.js';
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

  /** True when calls of this process can fall under the directive. */
  reaches(directive: Directive, identity: ProcessIdentity): boolean {
    const revised = this.publication.get(directive.guardrail);
    if (revised !== undefined && !matchesProcess(revised.guardrail.spec.match, identity)) return false;
    return scopeReaches(directive.scope, identity);
  }

  /** Live processes that a directive reaches, and those of them that apply it. A process without call sites of the model has no share. */
  reach(directive: Directive): { matching: number; applied: number } {
    const match = this.publication.get(directive.guardrail)?.guardrail.spec.match;
    const seen = new Map<string, boolean>();
    let matching = 0;
    let applied = 0;
    for (const instance of this.fleet.live()) {
      const key = `${instance.resource.service}\n${instance.resource.environment}`;
      let reached = seen.get(key);
      if (reached === undefined) seen.set(key, (reached = this.reaches(directive, instance.resource)));
      if (!reached || !callsModel(instance, directive, match, seen)) continue;
      matching++;
      if (instance.applied.has(directive.id)) applied++;
    }
    return { matching, applied };
  }

  /** A directive as it travels now, with the share of one instance. */
  withShare(directive: Directive): Directive {
    const { rate, burst, probe } = shareOf(directive.action, directive.probe, this.reach(directive).matching);
    return {
      ...directive,
      probeShare: probe,
      ...(directive.action.type === 'throttle' ? { share: { rate, burst } } : {}),
    };
  }

  shares(directives: readonly Directive[]): ShareMessage['shares'] {
    return directives.map((directive) => ({
      directive: directive.id,
      ...shareOf(directive.action, directive.probe, this.reach(directive).matching),
    }));
  }

  /** The snapshot for a process, as text: the guard-rails in it are encoded once for all. */
  snapshot(identity: ProcessIdentity): { text: string; revision: string } {
    const { revision, json } = this.publication.selection(identity);
    const manager = this.directives();
    const rest: Omit<SnapshotMessage, 'guardrails'> = {
      type: 'snapshot',
      revision,
      epoch: manager.epoch,
      directiveSeq: manager.seq,
      directives: manager
        .held()
        .filter(({ wire }) => this.reaches(wire, identity))
        .map(({ wire }) => this.withShare(wire)),
      kill: this.kill.wire(identity.service),
      limits: [],
    };
    return { text: `${JSON.stringify(rest).slice(0, -1)},"guardrails":${json}}`, revision };
  }
}

function callsModel(
  instance: Instance,
  directive: Directive,
  match: Parameters<typeof matchesModel>[0] | undefined,
  seen: Map<string, boolean>,
): boolean {
  const { callSites } = instance;
  if (callSites.length === 0) return true;
  return callSites.some(({ model, version }) => {
    const named = directive.scope['model'];
    if (named !== undefined && model !== '*' && model !== named) return false;
    if (match === undefined) return true;
    const key = `site\n${model}\n${version}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const matched = matchesModel(match, model, version);
    seen.set(key, matched);
    return matched;
  });
}
