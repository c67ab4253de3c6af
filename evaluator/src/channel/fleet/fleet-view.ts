import { ACTION_TYPES, requiredLevel } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { FleetInstance, FleetView, IncompatibleInstance } from '../../http/deps.js';
import type { Publication } from '../publication.js';
import type { Fleet } from './fleet.js';
import { reachOf, rewriterOf, targetOf } from './inert.js';
import type { InertReason } from './inert.js';
import type { Instance } from './instance.js';
import { matchesProcess } from './process-match.js';

const SENTENCES: Readonly<Record<InertReason, string>> = {
  no_call_site: 'no connected process that matches has a call site of a model that matches',
  action_unsupported: 'no client at a matching call site can carry out this action at this point',
  forbidden_here: 'the local configuration of every matching process forbids this action',
  unknown_target: 'no matching process declares the target of this action',
  unknown_engine: 'no matching process declares the Rego engine of this guard-rail',
  unknown_rewriter: 'no matching process declares the rewriter of this action',
};

/** The fleet as the API shows it. */
export class FleetApiView implements FleetView {
  constructor(
    private readonly fleet: Fleet,
    private readonly publication: Publication,
  ) {}

  instances(): FleetInstance[] {
    return this.fleet.all().map((instance) => ({
      service: instance.resource.service,
      serviceVersion: instance.resource.serviceVersion,
      environment: instance.resource.environment,
      instance: instance.instance,
      incarnation: instance.incarnation,
      host: instance.resource.host,
      pid: instance.resource.pid,
      sdk: `${instance.sdk.name} ${instance.sdk.version}`.trim(),
      featureLevel: instance.featureLevel,
      transport: instance.transport,
      connected: this.fleet.isLive(instance),
      connectedAt: instance.since,
      lastSeen: instance.lastSeen,
      revision: instance.revision,
      acknowledgedAt: instance.acknowledgedAt,
      current: instance.revision === this.publication.selection(instance.resource).revision,
      errors: [...instance.nacks, ...this.#tooNew(instance)],
      targets: instance.targets.map(({ name }) => name),
      rewriters: instance.rewriters,
      forbidden:
        instance.transport === 'sync' ? [] : ACTION_TYPES.filter((type) => !instance.allow.actions.includes(type)),
      applied: [...instance.applied.keys()],
      clockOffset: Number.isNaN(instance.clockOffset) ? 0 : instance.clockOffset,
    }));
  }

  /** Guard-rails that this process holds without understanding all of them. */
  #tooNew({ resource, featureLevel }: Instance): FleetInstance['errors'] {
    return this.publication.selection(resource).guardrails.flatMap(({ guardrail, revision }) => {
      const level = requiredLevel(guardrail);
      if (featureLevel >= level) return [];
      const message = `the process speaks level ${featureLevel}, the guard-rail needs ${level}`;
      return [{ guardrail: guardrail.metadata.name, revision, code: 'FEATURE_LEVEL', message }];
    });
  }

  inert({ guardrail }: RevisedGuardrail): string | null {
    const reach = reachOf(guardrail, this.fleet.live());
    return reach.state === 'inert' ? SENTENCES[reach.reason] : null;
  }

  incompatible({ guardrail }: RevisedGuardrail): IncompatibleInstance[] {
    const target = targetOf(guardrail.spec.action);
    const rewriter = rewriterOf(guardrail.spec.action);
    const engine = guardrail.spec.rego?.engine;
    const level = requiredLevel(guardrail);
    const found: IncompatibleInstance[] = [];
    for (const { resource, instance, featureLevel, transport, targets, engines, rewriters } of this.fleet.live()) {
      if (!matchesProcess(guardrail.spec.match, resource)) continue;
      const { service } = resource;
      if (featureLevel < level)
        found.push({
          service,
          instance,
          code: 'feature_level',
          message: `speaks level ${featureLevel}, needs ${level}`,
        });
      else if (target !== '' && transport === 'websocket' && !targets.some(({ name }) => name === target))
        found.push({ service, instance, code: 'unknown_target', message: `declares no target "${target}"` });
      else if (engine !== undefined && transport === 'websocket' && !engines.includes(engine))
        found.push({ service, instance, code: 'unknown_engine', message: `declares no Rego engine "${engine}"` });
      else if (rewriter !== '' && transport === 'websocket' && !rewriters.includes(rewriter))
        found.push({ service, instance, code: 'unknown_rewriter', message: `declares no rewriter "${rewriter}"` });
    }
    return found;
  }
}
