import { compileMatch, createModelCall, GuardrailSet } from '@guardspan/policy/runtime';
import type {
  ActionType,
  ClientMessage,
  NackMessage,
  RevisedGuardrail,
  ServerMessage,
} from '@guardspan/policy/runtime';
import type { GuardCore } from '../guard/guard-core.js';

/** What the server may bound before it says so. */
const LIMITS = { maxMessageBytes: 1 << 20, maxReportCells: 500, maxDecisions: 500 };
/** Seconds between pings until `welcome` says otherwise. */
const HEARTBEAT = 10;

/** What a message asks for besides its effect: answers, and whether the connection must be made anew to get the whole state. */
export interface Handled {
  answers: ClientMessage[];
  resync: boolean;
}

/**
 * Carries out what the evaluator says, on the core and on the disk snapshot. Refuses what the local configuration forbids, and says so per guard-rail.
 * Knows no socket; the websocket and the pull link share it.
 */
export class MessageHandler {
  limits = LIMITS;
  heartbeat = HEARTBEAT;
  #raw = new Map<string, RevisedGuardrail>();
  #revision = '';
  #compileErrors: NackMessage['errors'] = [];
  #lastVerdict = '';

  constructor(
    private readonly core: GuardCore,
    private readonly allow: readonly ActionType[],
    private readonly save: (revision: string, guardrails: readonly RevisedGuardrail[]) => void,
  ) {}

  /** Digest of the set in force; empty when there is none. */
  get revision(): string {
    return this.#revision;
  }

  /** Guard-rails that are not in force here as their author meant, and why. */
  get errors(): NackMessage['errors'] {
    return [...this.#compileErrors, ...this.#forbidden()];
  }

  /** Takes the guard-rails of an earlier run. */
  restore(guardrails: readonly RevisedGuardrail[]): void {
    this.#install(guardrails);
  }

  /** Asks for the whole state at the next `hello`. */
  forget(): void {
    this.#revision = '';
  }

  /** Carries out one message. Never throws for what a valid member of the protocol can say. */
  handle(message: ServerMessage): Handled {
    const { core } = this;
    const answers: ClientMessage[] = [];
    switch (message.type) {
      case 'welcome':
        this.limits = message.limits;
        this.heartbeat = Math.max(0.1, message.heartbeat);
        core.live = core.known;
        break;
      case 'snapshot': {
        core.counters.limits = core.open.limits = message.limits;
        this.#install(message.guardrails);
        this.save(this.#revision, message.guardrails);
        const released = core.directives.replace(message.epoch, message.directiveSeq, message.directives);
        core.kills.replace(message.kill);
        core.live = true;
        answers.push(this.#verdict());
        answers.push({ type: 'applied', directives: message.directives.map(({ id }) => id), released });
        break;
      }
      case 'delta': {
        if (message.from !== this.#revision) return { answers, resync: true };
        const next = new Map(this.#raw);
        for (const name of message.remove) next.delete(name);
        for (const revised of message.upsert) next.set(revised.guardrail.metadata.name, revised);
        core.counters.limits = core.open.limits = message.limits;
        const guardrails = [...next.values()];
        this.#install(guardrails);
        this.save(this.#revision, guardrails);
        core.live = true;
        answers.push(this.#verdict());
        return { answers, resync: this.#revision !== message.revision };
      }
      case 'directive': {
        const { applied, dropped } = core.directives.apply(message.epoch, message.directiveSeq, message.directives);
        if (applied.length + dropped.length > 0)
          answers.push({ type: 'applied', directives: applied, released: dropped });
        break;
      }
      case 'renew': {
        // Ids that are not held here were released a moment ago or are other processes'.
        const dropped = core.directives.renew(message.epoch, message.ids, message.expiresIn);
        if (dropped.length > 0) answers.push({ type: 'applied', directives: [], released: dropped });
        break;
      }
      case 'release': {
        const released = core.directives.release(message.epoch, message.directiveSeq, message.ids);
        if (released.length > 0) answers.push({ type: 'applied', directives: [], released });
        break;
      }
      case 'share':
        core.directives.share(message.epoch, message.shares);
        break;
      case 'kill':
        core.kills.replace(message.kill);
        break;
      case 'ping':
        answers.push({ type: 'pong', nonce: message.nonce, clock: core.clock.wall() });
        break;
      case 'decided':
        core.decisions.confirm(message.seq);
        break;
    }
    return { answers, resync: false };
  }

  /** `ack` or `nack` again, when call sites or targets changed what it says; null when it says the same. */
  reconsider(): ClientMessage | null {
    if (this.#revision === '') return null;
    const before = this.#lastVerdict;
    const verdict = this.#verdict();
    return this.#lastVerdict === before ? null : verdict;
  }

  #install(guardrails: readonly RevisedGuardrail[]): void {
    this.#raw = new Map(guardrails.map((revised) => [revised.guardrail.metadata.name, revised]));
    const { set, errors } = GuardrailSet.compile(guardrails);
    this.#compileErrors = errors;
    this.#revision = set.revision;
    this.core.use(set, guardrails);
  }

  #verdict(): ClientMessage {
    const { errors } = this;
    const verdict: ClientMessage =
      errors.length === 0
        ? { type: 'ack', revision: this.#revision }
        : { type: 'nack', revision: this.#revision, errors };
    this.#lastVerdict = JSON.stringify(verdict);
    return verdict;
  }

  #forbidden(): NackMessage['errors'] {
    const found: NackMessage['errors'] = [];
    for (const { revision, guardrail } of this.#raw.values()) {
      const { action, mode, match, uses } = guardrail.spec;
      const name = guardrail.metadata.name;
      if (mode === 'off') continue;
      if (!this.allow.includes(action.type)) {
        const message = `the configuration of this process does not allow ${action.type}`;
        found.push({ guardrail: name, revision, code: 'FORBIDDEN_HERE', message });
        continue;
      }
      const target = action.type === 'reroute' ? action.to : action.type === 'shutdown' ? action.fallback : '';
      if (target !== '' && !this.core.sites.hasTarget(target) && this.#reachable(match.models)) {
        const message = `this process declares no target ${target}`;
        found.push({ guardrail: name, revision, code: 'UNKNOWN_TARGET', message });
        continue;
      }
      if (target !== '' && !this.core.sites.isUp(target) && this.#reachable(match.models)) {
        const message = `the target ${target} of this process does not answer its check`;
        found.push({ guardrail: name, revision, code: 'TARGET_DOWN', message });
        continue;
      }
      const rewriter = action.type === 'rewrite' ? action.by?.name : undefined;
      if (rewriter !== undefined && !this.core.declaredRewriters.has(rewriter) && this.#reachable(match.models)) {
        const message = `this process declares no rewriter ${rewriter}`;
        found.push({ guardrail: name, revision, code: 'UNKNOWN_REWRITER', message });
        continue;
      }
      if (rewriter !== undefined && !this.core.declaredRewriters.isUp(rewriter) && this.#reachable(match.models)) {
        const message = `the rewriter ${rewriter} of this process does not answer its check`;
        found.push({ guardrail: name, revision, code: 'REWRITER_DOWN', message });
        continue;
      }
      const missing = Object.values(uses).find(
        ({ detector, external }) => external !== undefined && this.core.detectors.get(detector) === undefined,
      );
      if (missing !== undefined && this.#reachable(match.models)) {
        const message = `this process declares no detector ${missing.detector}`;
        found.push({ guardrail: name, revision, code: 'UNKNOWN_DETECTOR', message });
      }
      const { rego } = guardrail.spec;
      const problem = rego === undefined ? null : this.core.engines.problem(rego, rego.external !== undefined);
      if (problem !== null && this.#reachable(match.models)) found.push({ guardrail: name, revision, ...problem });
    }
    return found;
  }

  /** True when some call site of this process can call one of these models. */
  #reachable(models: string[]): boolean {
    const none: string[] = [];
    const matches = compileMatch({
      services: none,
      models,
      versions: none,
      environments: none,
      tenants: none,
      operations: none,
      featureViews: none,
    });
    return this.core.sites.describe().callSites.some(({ model }) => {
      const call = createModelCall();
      call.model.name = model;
      return model === '*' || matches(call);
    });
  }
}
