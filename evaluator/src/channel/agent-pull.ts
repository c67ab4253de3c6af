import type { HelloMessage, ServerMessage } from '@guardspan/policy';
import { CHANNEL_PROTOCOL, FEATURE_LEVEL, sha256Hex } from '@guardspan/policy';
import type { AgentSync } from '../http/deps.js';
import type { DirectiveManager } from './directives/directive-manager.js';
import type { Fleet } from './fleet/fleet.js';
import type { KillSwitches } from './kill-switches.js';
import type { OutgoingMessages } from './messages-out.js';
import type { Publication } from './publication.js';

/** The channel by pull: the same messages for functions that freeze and networks that block websockets. */
export class AgentPull implements AgentSync {
  constructor(
    private readonly fleet: Fleet,
    private readonly directives: DirectiveManager,
    private readonly publication: Publication,
    private readonly kill: KillSwitches,
    private readonly outgoing: OutgoingMessages,
  ) {}

  pull(input: Parameters<AgentSync['pull']>[0]): ReturnType<AgentSync['pull']> {
    const { service, environment, instance, incarnation, since } = input;
    const known = this.fleet.get(`${instance}/${incarnation}`);
    if (known?.connected === true) known.lastSeen = this.fleet.time();
    else this.fleet.join(helloOf(input), 'sync');

    const identity = { service, environment };
    const { revision } = this.publication.selection(identity);
    const kill = this.kill.wire(service);
    const cursor = sha256Hex(
      [this.directives.epoch, this.directives.seq, revision, ...kill.map(({ id }) => id)].join('.'),
    );
    const held = this.directives.held().filter(({ wire }) => this.outgoing.reaches(wire, identity));
    let messages: ServerMessage[];
    if (since !== cursor) messages = [JSON.parse(this.outgoing.snapshot(identity).text) as ServerMessage];
    else if (held.length === 0) messages = [];
    else {
      const { epoch } = this.directives;
      messages = [
        { type: 'renew', epoch, ids: held.map(({ wire }) => wire.id), expiresIn: held[0]!.wire.expiresIn },
        { type: 'share', epoch, shares: this.outgoing.shares(held.map(({ wire }) => wire)) },
      ];
    }
    return Promise.resolve({ cursor, messages });
  }
}

/** A process that pulls says who it is and no more. */
function helloOf({ service, environment, instance, incarnation }: Parameters<AgentSync['pull']>[0]): HelloMessage {
  return {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel: FEATURE_LEVEL,
    instance,
    incarnation,
    sdk: { name: '', version: '' },
    resource: { service, environment, serviceVersion: '', host: '', pid: 0 },
    capabilities: [],
    callSites: [],
    targets: [],
    allow: { actions: [] },
    have: { revision: '', epoch: 0, directiveSeq: 0 },
  };
}
