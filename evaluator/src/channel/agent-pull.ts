import type { HelloMessage, PongMessage, ServerMessage } from '@guardspan/policy';
import { CHANNEL_PROTOCOL, sha256Hex } from '@guardspan/policy';
import type { AgentSync } from '../http/deps.js';
import type { DirectiveManager } from './directives/directive-manager.js';
import type { Fleet } from './fleet/fleet.js';
import { listenerOf } from './fleet/process-match.js';
import type { Listener } from './fleet/process-match.js';
import type { Instance } from './fleet/instance.js';
import type { IncomingMessages } from './incoming-messages.js';
import type { KillSwitches } from './kill-switches.js';
import type { OutgoingMessages } from './messages-out.js';
import type { Publication } from './publication.js';

/** Seconds for which the answer to a ping of an exchange says something about a clock. */
const PING_LIFE = 60;
/** What a process that pulls should expect between questions, in seconds; it is told so in `welcome`. */
const HEARTBEAT = 10;

/** What the pull stands on. */
export interface AgentPullOptions {
  fleet: Fleet;
  directives: DirectiveManager;
  publication: Publication;
  kill: KillSwitches;
  outgoing: OutgoingMessages;
  incoming: IncomingMessages;
  /** Bytes of one exchange. Default 1 MiB. */
  maxMessageBytes?: number;
}

type Answer = Awaited<ReturnType<AgentSync['pull']>>;

/** The channel by pull: the same messages for functions that freeze and networks that block websockets. */
export class AgentPull implements AgentSync {
  constructor(private readonly options: AgentPullOptions) {}

  pull(input: Parameters<AgentSync['pull']>[0]): ReturnType<AgentSync['pull']> {
    const known = this.options.fleet.get(`${input.instance}/${input.incarnation}`);
    if (known?.connected === true) known.lastSeen = this.options.fleet.time();
    else this.#join(helloOf(input));
    return Promise.resolve(this.#answer(input, input.since));
  }

  async exchange({ hello, messages, since }: Parameters<AgentSync['exchange']>[0]): Promise<Answer> {
    const { fleet, incoming, directives } = this.options;
    incoming.count(hello);
    const known = fleet.get(`${hello.instance}/${hello.incarnation}`);
    // Also a process whose websocket is not closed yet: an exchange that was under way must not take its place.
    const again = known?.connected === true;
    const instance = again ? known : this.#join(hello);
    if (again) this.#refresh(instance, hello);
    const confirmations: ServerMessage[] = [];
    for (const message of messages) {
      incoming.count(message);
      if (message.type === 'pong') {
        this.#pong(instance, message);
        continue;
      }
      const decided = await incoming.take(instance, message);
      if (decided !== undefined) confirmations.push(decided);
    }
    // Who is new here has told nothing of its totals and must acknowledge what it holds: it gets everything.
    const { cursor, messages: rest } = this.#answer(listenerOf(hello), again ? since : '');
    const limits = {
      maxMessageBytes: this.options.maxMessageBytes ?? 1 << 20,
      maxReportCells: 1000,
      maxDecisions: 500,
    };
    const welcome: ServerMessage[] = again
      ? []
      : [{ type: 'welcome', protocol: CHANNEL_PROTOCOL, epoch: directives.epoch, heartbeat: HEARTBEAT, limits }];
    // The nonce is the time itself, so that nothing must be remembered between two exchanges.
    const ping: ServerMessage = { type: 'ping', nonce: Math.round(fleet.time() * 1000) };
    return { cursor, messages: [...welcome, ...confirmations, ...rest, ping] };
  }

  #join(hello: HelloMessage): Instance {
    const instance = this.options.fleet.join(hello, 'sync');
    this.options.incoming.fleetEvent(instance, 'joined');
    return instance;
  }

  /** A process says with each exchange what it can do; listeners hear of it only when that has changed. */
  #refresh(instance: Instance, hello: HelloMessage): void {
    const { capabilities, callSites, targets, engines = [], rewriters = [], allow } = hello;
    instance.lastSeen = this.options.fleet.time();
    const said = { capabilities, callSites, targets, engines, rewriters, allow };
    const before = (Object.keys(said) as (keyof typeof said)[]).map((key) => instance[key]);
    if (JSON.stringify(before) === JSON.stringify(Object.values(said))) return;
    Object.assign(instance, said);
    this.options.fleet.changed();
  }

  /** The answer comes with the next exchange, so that only the way down bounds the error: its length is taken as nothing. */
  #pong(instance: Instance, { nonce, clock }: PongMessage): void {
    const sentAt = nonce / 1000;
    const age = this.options.fleet.time() - sentAt;
    if (age < 0 || age > PING_LIFE) return;
    instance.clockOffset = clock - sentAt;
  }

  #answer(listener: Listener, since: string): Answer {
    const { directives, publication, kill, outgoing } = this.options;
    const { revision } = publication.selection(listener);
    const switches = kill.wire(listener.service);
    const cursor = sha256Hex([directives.epoch, directives.seq, revision, ...switches.map(({ id }) => id)].join('.'));
    if (since !== cursor) return { cursor, messages: [JSON.parse(outgoing.snapshot(listener).text) as ServerMessage] };
    const held = directives.held().filter(({ wire }) => outgoing.reaches(wire, listener));
    if (held.length === 0) return { cursor, messages: [] };
    const { epoch } = directives;
    return {
      cursor,
      messages: [
        { type: 'renew', epoch, ids: held.map(({ wire }) => wire.id), expiresIn: held[0]!.wire.expiresIn },
        { type: 'share', epoch, shares: outgoing.shares(held.map(({ wire }) => wire)) },
      ],
    };
  }
}

/** A process that only listens says who it is and no more. */
function helloOf({
  service,
  environment,
  featureLevel,
  instance,
  incarnation,
}: Parameters<AgentSync['pull']>[0]): HelloMessage {
  return {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel,
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
