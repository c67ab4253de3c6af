import { isDeepStrictEqual } from 'node:util';
import type { ClientDescription, Usage, WireRequest } from '../clients/description.js';
import { ANSWERED, ASKED, CUT, GIVEN, LITERAL, MALFORMED, MASK, MODELS, PROMPT } from '../clients/shared.js';
import type { Act } from './acts.js';
import type { Outcome, ThrownError } from './outcome.js';
import { asChanged } from './signed-texts.js';

/** One usage of one run: what the application saw, and what the server got. */
export interface Run {
  outcome: Outcome;
  wire: readonly WireRequest[];
}

/** Pieces of the answer's personal data as the servers stream it; none may come out where it is redacted or refused. */
const LEAKS = [GIVEN, ANSWERED, 'hello to ja', 'ne@exam', 'ple.com'];
/** What a tool was given in an earlier message, which is no text to rewrite. */
const GIVEN_BEFORE = new RegExp(String.raw`"of\\*":\[?\\*"${PROMPT}\\*"`, 'g');
const CODES: Partial<Record<Act, string>> = {
  deny: 'GUARDSPAN_DENIED',
  'deny-answer': 'GUARDSPAN_DENIED',
  throttle: 'GUARDSPAN_THROTTLED',
  shutdown: 'GUARDSPAN_SHUTDOWN',
};

/** Why a usage of a guarded run is not what it must be, with what it threw, or undefined when it is. */
export function judge(
  client: ClientDescription,
  usage: Usage<unknown>,
  act: Act,
  bare: Run,
  guarded: Run,
): string | undefined {
  const reason = judged(client, usage, act, bare, guarded);
  const { thrown } = guarded.outcome;
  if (reason === undefined || thrown === undefined) return reason;
  return `${reason}; it threw ${JSON.stringify(thrown).slice(0, 600)}`;
}

function judged(
  client: ClientDescription,
  usage: Usage<unknown>,
  act: Act,
  bare: Run,
  guarded: Run,
): string | undefined {
  if (usage.calls === 0) return same(bare, guarded);
  switch (act) {
    case 'none':
    case 'dryrun':
    case 'annotate':
    case 'sample':
      return same(bare, guarded);
    case 'deny':
    case 'throttle':
    case 'shutdown':
      return refused(act, guarded.outcome) ?? (guarded.wire.length === 0 ? undefined : 'a request was sent');
    case 'reroute':
      if (usage.wordless || usage.addressed) return same(bare, guarded);
      return rerouted(client, bare, guarded);
    case 'redact':
      return redacted(usage, bare, guarded, [ANSWERED, GIVEN], [ASKED]);
    case 'redact-tools':
      return redacted(usage, bare, guarded, [GIVEN], []);
    case 'rewrite':
      return rewritten(usage, bare, guarded);
    case 'deny-answer':
      return answerRefused(usage, bare, guarded);
  }
}

function same(bare: Run, guarded: Run): string | undefined {
  return (
    difference('the application', bare.outcome, guarded.outcome) ??
    difference('the server', sent(bare.wire), sent(guarded.wire))
  );
}

/** Requests without their order: calls that are made at once arrive in any. */
function sent(wire: readonly WireRequest[]): string[] {
  return wire.map(({ method, path, body }) => JSON.stringify({ method, path, body })).sort();
}

function difference(who: string, before: unknown, now: unknown): string | undefined {
  if (isDeepStrictEqual(before, now)) return undefined;
  const [left, right] = [JSON.stringify(before) ?? '', JSON.stringify(now) ?? ''];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const from = Math.max(0, at - 80);
  return `${who} saw …${left.slice(from, at + 160)}, and under the instrumentation …${right.slice(from, at + 160)}`;
}

/** An error of ours, or the error of a helper of the client that says the same. */
function refused(act: Act, { value, thrown }: Outcome): string | undefined {
  if (!thrown) return `it was not refused and gave ${JSON.stringify(value).slice(0, 300)}`;
  for (let error: ThrownError | undefined = thrown; error; error = error.cause) {
    if (error.code === CODES[act]) return undefined;
  }
  return thrown.message.includes(`guard-rail ${act}`) ? undefined : `it failed with ${JSON.stringify(thrown)}`;
}

function rerouted(client: ClientDescription, bare: Run, guarded: Run): string | undefined {
  const models = guarded.wire.map((request) => client.modelOf(request));
  const expected = bare.wire
    .map((request) => client.modelOf(request))
    .map((model) => (model === MODELS.good ? MODELS.other : model));
  return (
    difference('the server', expected, models) ??
    difference('the application', renamed(bare.outcome), renamed(guarded.outcome))
  );
}

/** Answers may repeat the name of the model that was asked. */
function renamed(outcome: Outcome): unknown {
  return JSON.parse(JSON.stringify(outcome).replaceAll(`"${MODELS.other}"`, `"${MODELS.good}"`)) as unknown;
}

/** `answered` is what is redacted of answers, `asked` what is of requests; everything else must be as it is without us. */
function redacted(
  usage: Usage<unknown>,
  bare: Run,
  guarded: Run,
  answered: readonly string[],
  asked: readonly string[],
): string | undefined {
  // A chat sends earlier answers again, and these are redacted by then.
  const wrong = difference('the server', sent(masking(bare.wire, [...asked, ...answered])), sent(guarded.wire));
  if (wrong) return wrong;
  if (usage.raw) return difference('the application', bare.outcome, guarded.outcome);
  const leak = leakIn(usage, guarded.outcome, answered);
  if (leak) return leak;
  if (usage.partial) return difference('the application', bare.outcome.thrown, guarded.outcome.thrown);
  const text = textOf(bare.outcome);
  if (text === undefined) return difference('the application', masking(bare.outcome, answered), guarded.outcome);
  return difference('the application', masking(text, answered), textOf(guarded.outcome));
}

/** Texts are exchanged and nothing else: the requests keep their shape, what tools are given stays, and an answer that held personal data says the literal. */
function rewritten(usage: Usage<unknown>, bare: Run, guarded: Run): string | undefined {
  const wrong = difference('the server', sent(shapeOf(asChanged(bare.wire, [ANSWERED]))), sent(shapeOf(guarded.wire)));
  if (wrong) return wrong;
  const asked = JSON.stringify(guarded.wire).replace(GIVEN_BEFORE, '');
  if (asked.includes(ASKED)) return `"${ASKED}" was sent`;
  if (usage.raw) return difference('the application', bare.outcome, guarded.outcome);
  const [before, now] = [JSON.stringify(bare.outcome), JSON.stringify(guarded.outcome)];
  const leaks = endsEarly(usage, guarded.outcome) ? [ANSWERED] : [ANSWERED, 'hello to ja'];
  if (!usage.commands && leaks.some((each) => now.includes(each))) return `"${ANSWERED}" came out`;
  // A structured answer is a text like others; the client's own parser says that it is not what was asked for.
  if (guarded.outcome.thrown?.name === 'SyntaxError' && before.includes(ANSWERED)) return undefined;
  const thrown = difference('the application', bare.outcome.thrown, guarded.outcome.thrown);
  if (thrown !== undefined || usage.partial) return thrown;
  if (before.includes(GIVEN) && !now.includes(GIVEN)) return 'what a tool is given was changed';
  if (!before.includes(ANSWERED)) return undefined;
  return now.includes(LITERAL) ? undefined : `the answer does not say "${LITERAL}": ${now.slice(0, 300)}`;
}

/** A value without its texts. */
function shapeOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? '' : inner))) as T;
}

function answerRefused(usage: Usage<unknown>, bare: Run, guarded: Run): string | undefined {
  // A usage ends at its first refused answer, so some of its calls may not be made.
  const known = sent(bare.wire);
  const strange = sent(guarded.wire).find((request) => !known.includes(request));
  if (strange !== undefined || guarded.wire.length === 0) return `the server got ${strange ?? 'nothing'}`;
  if (guarded.wire.length > bare.wire.length) return 'an answer that was refused was asked for again';
  if (usage.raw || !JSON.stringify(bare.outcome).includes('hello to ja'))
    return difference('the application', bare.outcome, guarded.outcome);
  const leak = leakIn(usage, guarded.outcome, [ANSWERED, GIVEN]);
  if (leak) return leak;
  return usage.partial ? undefined : refused('deny-answer', guarded.outcome);
}

/** Where a stream ends in the middle of an address, by its end and not by an error, there is none. */
function endsEarly(usage: Usage<unknown>, outcome: Outcome): boolean {
  return usage.name === MALFORMED || (usage.name === CUT && outcome.thrown === undefined);
}

function leakIn(usage: Usage<unknown>, outcome: Outcome, secrets: readonly string[]): string | undefined {
  const said = JSON.stringify(outcome);
  const leaks = endsEarly(usage, outcome) || !secrets.includes(ANSWERED) ? secrets : LEAKS;
  const leak = leaks.find((each) => said.includes(each));
  return leak === undefined ? undefined : `"${leak}" came out`;
}

function textOf({ value }: Outcome): unknown {
  return typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : undefined;
}

function masking<T>(value: T, secrets: readonly string[]): T {
  const changed = JSON.stringify(asChanged(value, secrets));
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, MASK), changed);
  return JSON.parse(masked) as T;
}
