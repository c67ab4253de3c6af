import { randomBytes } from 'node:crypto';
import { CHANNEL_PROTOCOL, createModelCall, DRILL_NAME, FEATURE_LEVEL, GuardrailSet } from '@guardspan/policy';
import type {
  ClientMessage,
  Decision,
  DecideHost,
  Directive,
  HelloMessage,
  KillSwitch,
  ServerMessage,
} from '@guardspan/policy';

/** Exchanges messages of the channel with the evaluator. Rejects when it does not answer. */
export type Exchange = (
  since: string,
  messages: readonly ClientMessage[],
) => Promise<{ cursor: string; messages: ServerMessage[] }>;

/**
 * A client process that makes no calls: it holds what the evaluator gives to a process of this service, by pull, and decides with the decision function of every
 * process. Its service and its model are the reserved name of drills.
 */
export class DrillProcess {
  readonly incarnation = randomBytes(8).toString('hex');
  readonly directives = new Map<string, Directive>();
  /** Digest of the set that it holds; empty before the first exchange. */
  revision = '';
  readonly #exchange: Exchange;
  readonly #now: () => number;
  #set = GuardrailSet.compile([]).set;
  #kills: readonly KillSwitch[] = [];
  #cursor = '';
  #waiting: ClientMessage[] = [];
  #decisions = 0;

  /** @param now seconds from epoch */
  constructor(exchange: Exchange, now: () => number) {
    this.#exchange = exchange;
    this.#now = now;
  }

  /** One exchange: says what came of the last one, and takes what the evaluator says. Rejects as the exchange does. */
  async sync(): Promise<void> {
    const answer = await this.#exchange(this.#cursor, [this.#hello(), ...this.#waiting.splice(0)]);
    this.#cursor = answer.cursor;
    for (const message of answer.messages) this.#take(message);
  }

  /** Names of the guard-rails that it holds. */
  holds(guardrail: string): boolean {
    return this.#set.guardrails.some((one) => one.guardrail.metadata.name === guardrail);
  }

  /** Decides the next call, and records the decision for the audit as a process does. */
  decide(): Decision {
    const call = createModelCall();
    call.model = { ...call.model, name: DRILL_NAME, kind: 'other', framework: DRILL_NAME };
    call.service = DRILL_NAME;
    call.startedAt = this.#now();
    const decision = this.#set.decide({
      point: 'request',
      call,
      texts: () => [],
      directives: [...this.directives.values()].map(({ reason, ...held }) => ({ ...held, ...reason, stale: false })),
      freshness: 'live',
      host: this.#host(),
    });
    if (decision.verdicts.length > 0) this.#record(decision);
    return decision;
  }

  #record({ action, disposition, verdicts, directive }: Decision): void {
    const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), callId: '' };
    const made = { at: this.#now(), model: DRILL_NAME, modelVersion: '', rerouteTo: '', redactions: 0 };
    const record = { ...ids, ...made, action, disposition, verdicts, directive };
    this.#waiting.push({ type: 'decisions', seq: ++this.#decisions, records: [record], dropped: 0 });
  }

  /** No probes: every call of a drill shall be stopped. */
  #host(): DecideHost {
    return {
      random: Math.random,
      newId: () => randomBytes(16).toString('hex'),
      now: this.#now,
      tryAcquire: () => false,
      takeProbe: () => false,
      forbids: () => (this.#kills.some(stopsDrills) ? 'killed' : null),
    };
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case 'snapshot':
        this.#set = GuardrailSet.compile(message.guardrails).set;
        this.#kills = message.kill;
        this.#hold(message.directives);
        if (message.revision !== this.revision) this.#waiting.push({ type: 'ack', revision: message.revision });
        this.revision = message.revision;
        return;
      case 'kill':
        this.#kills = message.kill;
        return;
      case 'ping':
        this.#waiting.push({ type: 'pong', nonce: message.nonce, clock: this.#now() });
        return;
      default:
      // A pull hears of directives by snapshots; leases outlast a drill.
    }
  }

  #hold(directives: readonly Directive[]): void {
    const before = [...this.directives.keys()];
    this.directives.clear();
    for (const one of directives) this.directives.set(one.id, one);
    const applied = [...this.directives.keys()].filter((id) => !before.includes(id));
    const released = before.filter((id) => !this.directives.has(id));
    if (applied.length + released.length > 0) this.#waiting.push({ type: 'applied', directives: applied, released });
  }

  #hello(): HelloMessage {
    const client = DRILL_NAME;
    return {
      type: 'hello',
      protocols: [CHANNEL_PROTOCOL],
      featureLevel: FEATURE_LEVEL,
      instance: `drill-${this.incarnation}`,
      incarnation: this.incarnation,
      sdk: { name: DRILL_NAME, version: '1' },
      resource: { service: DRILL_NAME, serviceVersion: '', environment: '', host: '', pid: process.pid },
      capabilities: [
        { client, version: '', at: 'request', actions: ['deny', 'shutdown', 'throttle'], streamed: false },
      ],
      callSites: [{ client, model: DRILL_NAME, version: '' }],
      targets: [],
      allow: { actions: ['deny', 'shutdown', 'throttle'] },
      have: { revision: this.revision, epoch: 0, directiveSeq: 0 },
    };
  }
}

/** Whether a kill switch stops the guard-rail of drills. */
function stopsDrills({ scope }: KillSwitch): boolean {
  return [scope.guardrail, scope.model, scope.service].every((one) => one === '' || one === DRILL_NAME);
}
