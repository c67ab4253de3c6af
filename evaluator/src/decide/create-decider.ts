import { heldDirective } from '@guardspan/policy';
import type { DirectiveManager } from '../channel/directives/directive-manager.js';
import type { KillSwitches } from '../channel/kill-switches.js';
import { DecisionService } from './decision-service.js';
import type { DecideAnswer } from './decision-service.js';
import { RequestAccount } from './request-account.js';
import type { RequestAccountParts } from './request-account.js';
import { RequestHost } from './request-host.js';
import type { DecideRequest } from './request-schema.js';

/** What {@link createDecider} wires together. */
export interface DeciderParts extends RequestAccountParts {
  directives: Pick<DirectiveManager, 'held' | 'get'>;
  kill: Pick<KillSwitches, 'list'>;
  /** 16 random bytes in hexadecimal. */
  newId: () => string;
  /** 0 <= x < 1. */
  random: () => number;
  /** Told when something waits to be put on record. */
  recorded: () => void;
}

/** Decides by request and puts it on record, on the guard-rails, directives and kill switches in force. `actor` is the name of the token. */
export function createDecider(parts: DeciderParts): (request: DecideRequest, actor: string) => DecideAnswer {
  const { directives, kill, publication, now, newId, random, recorded } = parts;
  const service = new DecisionService({
    guardrails: () => publication.bound,
    directives: () => directives.held().map(({ wire }) => heldDirective(wire)),
    now,
    host: new RequestHost({
      now,
      newId,
      random,
      kills: () => kill.list(),
      probeOf: (id) => directives.get(id)?.wire.probe ?? { share: 0, perSecond: 0 },
    }),
  });
  const account = new RequestAccount(parts);
  return (request, actor) => {
    const { call, answer } = service.decide(request);
    account.take(request, call, answer.decision, actor);
    if (answer.decision.verdicts.length > 0) recorded();
    return answer;
  };
}
