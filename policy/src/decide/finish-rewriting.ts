import { applyRedactions } from '../detect/apply-redactions.js';
import { failureDisposition } from './failure-table.js';
import type { RewriteOutcome, RewriteQuestion, RewriteStep, TextRewrite } from './rewrite-types.js';
import { stronger, strongestAction } from './strongest.js';
import type { Decision, Disposition, Verdict } from './types.js';

type Failed = Extract<RewriteOutcome, { ok: false }>;

/**
 * Carries out what a decision wants rewritten: step by step in the order of names, each text by itself, on what the redactions and the steps before left. Asks
 * (`yield`) for what only rewriters of the process can say, and returns the decision with finished texts. A rewriter that fails is a row of the failure table.
 * Pure, and the same each time for the same answers; a decision without rewrites is returned as it is.
 */
export function* finishRewriting(decision: Decision): Generator<RewriteQuestion, Decision, RewriteOutcome> {
  const { rewriting, ...rest } = decision;
  if (rewriting === undefined) return decision;
  const finished = new Map<string, TextRewrite>();
  let failed: Decision = rest;
  for (const step of [...rewriting].sort(byName)) {
    const parts = step.parts.map(({ path, role, text }) => {
      const before = finished.get(path)?.text;
      return { path, role, text: before ?? redacted(decision, path, text) };
    });
    const outcome =
      step.by === undefined
        ? literally(step.with ?? '', parts)
        : yield { name: step.by.name, deadline: step.by.deadline, parts };
    if (!outcome.ok) {
      failed = afterFailure(failed, step, outcome);
      if (failed.end !== null) return failed;
      continue;
    }
    for (const [index, { path, text: before }] of parts.entries()) {
      const text = outcome.texts[index];
      if (text !== undefined && text !== before) finished.set(path, { guardrail: step.guardrail, path, text });
    }
  }
  const done = finished.size === 0 ? failed : { ...failed, rewrites: [...finished.values()] };
  return { ...done, action: strongestAction(done) };
}

/**
 * The decision as far as it can be finished without a rewriter: {@link Decision.rewriting} is what remains from the first step on that needs one, for whoever asks. Its
 * parts hold the texts as they are by then. `has` says which rewriters whoever asks has; another one has failed.
 */
export function finishLiterally(decided: Decision, has: (name: string) => boolean = () => true): Decision {
  let decision = decided;
  const steps: RewriteStep[] = [];
  for (const step of [...(decided.rewriting ?? [])].sort(byName)) {
    if (step.by === undefined || has(step.by.name)) {
      steps.push(step);
      continue;
    }
    const message = `who asks has no rewriter ${step.by.name}`;
    decision = afterFailure(decision, step, { ok: false, failure: 'detector_error', message });
    if (decision.end !== null) return decision;
  }
  const first = steps.findIndex(({ by }) => by !== undefined);
  if (first === -1) return finishRewriting(withSteps(decision, steps)).next().value as Decision;
  const before = finishRewriting(withSteps(decision, steps.slice(0, first))).next().value as Decision;
  const texts = new Map(before.rewrites?.map(({ path, text }) => [path, text]));
  const rewriting = steps.slice(first).map((step) => ({
    ...step,
    parts: step.parts.map((part) => ({
      ...part,
      text: texts.get(part.path) ?? redacted(decision, part.path, part.text),
    })),
  }));
  const rest = { ...before, rewriting };
  return { ...rest, action: strongestAction(rest) };
}

function withSteps({ rewriting: _before, ...decision }: Decision, steps: RewriteStep[]): Decision {
  const rest = steps.length === 0 ? decision : { ...decision, rewriting: steps };
  return { ...rest, action: strongestAction(rest) };
}

function byName(a: RewriteStep, b: RewriteStep): number {
  return a.guardrail < b.guardrail ? -1 : a.guardrail > b.guardrail ? 1 : 0;
}

function redacted({ redactions }: Decision, path: string, text: string): string {
  const own = redactions.filter((redaction) => redaction.path === path);
  return own.length === 0 ? text : applyRedactions(text, own);
}

function literally(literal: string, parts: RewriteQuestion['parts']): RewriteOutcome {
  // The text may hold what a replacement pattern would mean something by.
  return { ok: true, texts: parts.map(({ text }) => literal.split('{text}').join(text)) };
}

/** The decision when a rewriter has failed: its `onError` says whether the text goes on as it was, or nothing does. */
function afterFailure(
  { rewriting: _rest, ...decision }: Decision,
  { guardrail, onError }: RewriteStep,
  { failure, message }: Failed,
): Decision {
  const disposition = failureDisposition({
    ...{ failure, actionClass: 'content', mode: 'enforce', onError, onStale: 'allow' },
  });
  let own: Verdict | undefined;
  const verdicts = decision.verdicts.map((verdict) => {
    if (verdict.guardrail !== guardrail || verdict.action !== 'rewrite') return verdict;
    return (own = { ...verdict, outcome: 'not_evaluated', code: failure, message, disposition });
  });
  const settled = { ...decision, verdicts, disposition: strongestOf(verdicts) };
  if (disposition !== 'deny_failclosed') return settled;
  return {
    ...settled,
    action: 'deny',
    end: {
      kind: 'deny',
      guardrail,
      verdict: own?.id ?? '',
      status: 503,
      retryAfter: 0,
      guidance: '',
      message,
      fallback: '',
    },
    redactions: [],
    reroute: null,
    probe: false,
    directive: '',
  };
}

function strongestOf(verdicts: readonly Verdict[]): Disposition {
  return verdicts.reduce<Disposition>((most, { disposition }) => stronger(most, disposition), 'allow');
}
