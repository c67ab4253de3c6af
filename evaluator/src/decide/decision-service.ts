import {
  combineDecisions,
  createModelCall,
  directiveMatches,
  finishLiterally,
  GuardrailSet,
  settleSampling,
  textAfter,
  traceShare,
} from '@guardspan/policy';
import type {
  DecideInput,
  Decision,
  HeldDirective,
  InlinePoint,
  ModelCall,
  RevisedGuardrail,
  RewriteStep,
  TextPart,
} from '@guardspan/policy';
import type { AskedHost } from './request-host.js';
import type { DecideRequest } from './request-schema.js';

/** What {@link DecisionService} stands on. */
export interface DecisionServiceParts {
  /** Those in force; the same list as long as nothing changes. */
  guardrails: () => readonly RevisedGuardrail[];
  /** Directives in force. */
  directives: () => readonly HeldDirective[];
  host: AskedHost;
  /** Seconds from epoch. */
  now: () => number;
}

/** A rewrite that only the rewriters of whoever asks can do, or that comes after one: each of the texts by itself. */
export interface RemainingRewrite extends Pick<RewriteStep, 'with' | 'by'> {
  guardrail: string;
  onError: 'allow' | 'deny';
  paths: string[];
}

/** Answer to one {@link DecideRequest}. */
export interface DecideAnswer {
  allow: boolean;
  reason: string;
  revision: string;
  decision: Omit<Decision, 'rewriting'>;
  texts: { path: string; text: string }[];
  /** What whoever asks has to do with texts still, in order; absent when nothing. */
  rewrites?: RemainingRewrite[];
}

/** Decides for those who cannot decide themselves: gateways, and services in other languages. The same function as in a process, on the guard-rails and directives in force. */
export class DecisionService {
  #list: readonly RevisedGuardrail[] = [];
  #set = GuardrailSet.empty();

  constructor(private readonly parts: DecisionServiceParts) {}

  /** Decides. Never throws; keeps nothing of the texts. */
  decide(request: DecideRequest): { call: ModelCall; answer: DecideAnswer } {
    const { host } = this.parts;
    const call = callOf(request, this.parts.now());
    const set = this.#current();
    host.asker = { can: request.can, targets: request.targets, model: call.model.name, service: call.service };
    const texts = request.texts.map(({ path, ...rest }, index): TextPart => ({
      path: path === '' ? `texts.${index}` : path,
      ...rest,
    }));
    const at = (point: InlinePoint): Decision => set.decide(this.#input(point, call, texts));
    // A whole answer is one chunk: guard-rails at chunk are about it too.
    const decided = request.at === 'response' ? combineDecisions(at('chunk'), at('response')) : at(request.at);
    const finished = finishLiterally(decided, (name) => request.rewriters.includes(name));
    const share = request.traceId === '' ? host.random() * 100 : traceShare(request.traceId);
    const whole = settleSampling(finished, share);
    const { rewriting, ...decision } = whole;
    const answer: DecideAnswer = {
      allow: decision.end === null,
      reason: decision.end?.message ?? '',
      revision: set.revision,
      decision,
      texts: decision.end === null ? changed(texts, whole) : [],
      ...(rewriting === undefined ? {} : { rewrites: rewriting.map(remaining) }),
    };
    return { call, answer };
  }

  #input(point: InlinePoint, call: ModelCall, texts: readonly TextPart[]): DecideInput {
    const { directives, host } = this.parts;
    return {
      point,
      call,
      texts: () => texts,
      directives: point === 'request' ? directives().filter((directive) => directiveMatches(directive, call)) : [],
      freshness: 'live',
      host,
    };
  }

  #current(): GuardrailSet {
    const list = this.parts.guardrails();
    if (list !== this.#list) {
      // What cannot be compiled stays in the set, as rows of the failure table.
      this.#set = GuardrailSet.compile(list).set;
      this.#list = list;
    }
    return this.#set;
  }
}

function callOf(request: DecideRequest, now: number): ModelCall {
  const call = createModelCall();
  const { model, error, usage, output, featureView, ...rest } = request.call;
  Object.assign(call, rest);
  Object.assign(call.model, model);
  Object.assign(call.error, error);
  Object.assign(call.usage, usage);
  Object.assign(call.output, output);
  Object.assign(call.featureView, featureView);
  call.startedAt = request.call.startedAt ?? now;
  return call;
}

function changed(texts: readonly TextPart[], decision: Decision): DecideAnswer['texts'] {
  if (decision.redactions.length === 0 && decision.rewrites === undefined) return [];
  return texts.flatMap((part) => {
    const text = textAfter(part, decision);
    const redacted = decision.redactions.some(({ path }) => path === part.path);
    return text === part.text && !redacted ? [] : [{ path: part.path, text }];
  });
}

function remaining({ guardrail, with: literal, by, onError, parts }: RewriteStep): RemainingRewrite {
  const how = by === undefined ? { with: literal ?? '' } : { by };
  return { guardrail, ...how, onError, paths: parts.map(({ path }) => path) };
}
