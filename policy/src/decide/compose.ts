import type { Say } from './say.js';
import { stronger, strongestAction } from './strongest.js';
import type { CallEnd, Decision, HeldDirective, Redaction } from './types.js';

const END_RANK: Readonly<Record<CallEnd['kind'], number>> = { deny: 0, shutdown: 1, throttle: 2 };

/**
 * Puts the says of all guard-rails together: deny, shutdown and a refused throttle end the call, in that order; otherwise all redactions,
 * then rewrites, which are left to be finished (`finishRewriting`), then at most one reroute (lowest name wins, the conflict is recorded); annotations always. Independent of the order of the says.
 */
export function compose(says: readonly Say[], evaluated: number, probe: HeldDirective | undefined): Decision {
  const decision: Decision = {
    action: 'allow',
    disposition: evaluated > 0 || probe !== undefined ? 'allow' : 'not_evaluated',
    verdicts: [],
    evaluated,
    end: null,
    redactions: [],
    reroute: null,
    annotations: {},
    probe: probe !== undefined,
    directive: probe?.id ?? '',
  };
  if (says.length === 0) return decision;
  const ordered = [...says].sort(
    (a, b) =>
      compareText(a.verdict.guardrail, b.verdict.guardrail) || compareText(a.verdict.directive, b.verdict.directive),
  );
  let endSay: Say | undefined;
  const redactions: Redaction[] = [];
  let rewriting: Decision['rewriting'];
  for (const say of ordered) {
    if (say.acts) {
      const kind = endKind(say);
      if (kind !== null) {
        if (endSay === undefined || END_RANK[kind] < END_RANK[endKind(endSay)!]) endSay = say;
      } else if (say.action.type === 'redact') {
        redactions.push(...say.redactions);
      } else if (say.rewrite !== null) {
        (rewriting ??= []).push(say.rewrite);
      } else if (say.action.type === 'reroute') {
        applyReroute(say, decision);
      } else if (say.action.type === 'sample') {
        (decision.sampling ??= []).push({ guardrail: say.verdict.guardrail, percent: say.action.percent });
      } else if (say.action.type === 'annotate') {
        for (const [key, value] of Object.entries(say.action.attributes))
          if (!Object.hasOwn(decision.annotations, key)) decision.annotations[key] = value;
      }
    }
    decision.verdicts.push(say.verdict);
    decision.disposition = stronger(decision.disposition, say.verdict.disposition);
  }
  if (endSay !== undefined) {
    decision.end = endOf(endSay, endKind(endSay)!);
    decision.reroute = null;
    decision.directive = endSay.verdict.directive;
    decision.probe = false;
  } else {
    decision.redactions = withoutOverlaps(redactions);
    if (rewriting !== undefined) decision.rewriting = rewriting;
    if (decision.reroute !== null) {
      // Another target answers, so the call says nothing about the recovery of the model that it asked for.
      decision.probe = false;
      decision.directive = decision.reroute.directive;
    }
  }
  decision.action = strongestAction(decision);
  return decision;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function endKind(say: Say): CallEnd['kind'] | null {
  if (say.closes) return 'deny';
  const { type } = say.action;
  return type === 'deny' || type === 'shutdown' || type === 'throttle' ? type : null;
}

function endOf(say: Say, kind: CallEnd['kind']): CallEnd {
  const { action, verdict } = say;
  const own =
    !say.closes && (action.type === 'deny' || action.type === 'shutdown' || action.type === 'throttle') ? action : null;
  return {
    kind,
    guardrail: verdict.guardrail,
    verdict: verdict.id,
    status: own?.status ?? 503,
    retryAfter: own?.retryAfter ?? 0,
    guidance: own?.type === 'deny' ? own.guidance : '',
    message: verdict.message,
    fallback: own?.type === 'shutdown' ? own.fallback : '',
  };
}

function applyReroute(say: Say, decision: Decision): void {
  if (say.action.type !== 'reroute') return;
  if (decision.reroute === null) {
    decision.reroute = { to: say.action.to, guardrail: say.verdict.guardrail, directive: say.verdict.directive };
  } else if (decision.reroute.to !== say.action.to) {
    say.verdict = { ...say.verdict, code: 'conflict', disposition: 'would_act' };
  }
}

function withoutOverlaps(redactions: readonly Redaction[]): Redaction[] {
  const ordered = [...redactions].sort(
    (a, b) =>
      compareText(a.path, b.path) || a.start - b.start || b.end - a.end || compareText(a.guardrail, b.guardrail),
  );
  const kept: Redaction[] = [];
  for (const redaction of ordered) {
    const last = kept[kept.length - 1];
    if (last === undefined || last.path !== redaction.path || redaction.start >= last.end) kept.push({ ...redaction });
    else last.end = Math.max(last.end, redaction.end);
  }
  return kept;
}
