import { asEnforced, strictestMode } from '@guardspan/policy';
import type {
  LoadedGuardrail,
  RevisedGuardrail,
  SuiteCase,
  SuiteExpectation,
  SuiteSeries,
  TestSuite,
} from '@guardspan/policy';
import { CallSession, SESSION_START } from './call-session.js';
import type { SessionOutcome } from './call-session.js';

/** Outcome of one case of a suite. */
export interface CaseResult {
  name: string;
  passed: boolean;
  /** Empty when it passed; else the step, what was expected and what came out. */
  message: string;
}

/** Runs the cases of a suite, each on virtual time and with fresh state. Never throws. */
export function runSuite(suite: TestSuite, guardrails: readonly LoadedGuardrail[]): CaseResult[] {
  const used = suite.mode === 'as-written' ? guardrails : guardrails.map(enforced);
  return suite.cases.map((one) => {
    let message: string;
    try {
      message = runCase(one, used);
    } catch (error) {
      message = (error as Error).message;
    }
    return { name: one.name, passed: message === '', message };
  });
}

function enforced({ guardrail, revision }: RevisedGuardrail): RevisedGuardrail {
  return { revision, guardrail: strictestMode(guardrail.spec) === 'off' ? guardrail : asEnforced(guardrail) };
}

function runCase({ steps }: SuiteCase, guardrails: readonly RevisedGuardrail[]): string {
  const session = new CallSession(guardrails, SESSION_START);
  for (const [index, step] of steps.entries()) {
    const at = Number.isNaN(step.at) ? session.now : SESSION_START + step.at;
    const where = `step ${index + 1} (${seconds(at - SESSION_START)})`;
    if (at < session.now) return `${where}: it lies ${seconds(session.now - at)} before the end of the step before`;
    const outcomes: SessionOutcome[] = [];
    if (step.call !== null) {
      for (let n = 0; n < step.times; n++) {
        const outcome = session.run(step.call(), at + n * step.every);
        const wrong = mismatch(step.expect, outcome);
        if (wrong !== '') return `${where}, call ${n + 1} of ${step.times}: ${wrong}`;
        outcomes.push(outcome);
      }
    } else session.advance(at);
    const wrong = miscounted(step.expect, outcomes) || misplaced(step.series, session);
    if (wrong !== '') return `${where}: ${wrong}`;
  }
  return '';
}

function mismatch(expect: SuiteExpectation, outcome: SessionOutcome): string {
  const by = outcome.guardrails.length === 0 ? '' : ` (by ${outcome.guardrails.join(', ')})`;
  if (expect.action !== undefined && expect.action !== outcome.action)
    return `expected ${expect.action}, got ${outcome.action}${by}`;
  if (expect.disposition !== undefined && expect.disposition !== outcome.disposition)
    return `expected the disposition ${expect.disposition}, got ${outcome.disposition}${by}`;
  if (expect.to !== undefined && expect.to !== outcome.to)
    return `expected a reroute to ${expect.to}, got ${outcome.to === '' ? 'none' : outcome.to}`;
  if (expect.guardrails !== undefined) {
    const [wanted, got] = [[...expect.guardrails].sort().join(', '), outcome.guardrails.join(', ')];
    if (wanted !== got) return `expected verdicts of [${wanted}], got [${got}]`;
  }
  if (expect.text !== undefined && outcome.rewriters.length > 0)
    return `expected a text, and what the rewriter ${outcome.rewriters.join(', ')} makes of it is known only in the process that declares it; expect the action alone`;
  if (expect.text !== undefined && expect.text !== outcome.prompt && expect.text !== outcome.output)
    return `expected the text ${JSON.stringify(expect.text)}, got ${JSON.stringify(outcome.output ?? outcome.prompt ?? '')}`;
  return '';
}

function miscounted({ count }: SuiteExpectation, outcomes: readonly SessionOutcome[]): string {
  for (const [action, wanted] of Object.entries(count ?? {})) {
    const got = outcomes.filter((outcome) => outcome.action === action).length;
    if (got !== wanted) return `expected ${wanted} of ${outcomes.length} calls to end in ${action}, got ${got}`;
  }
  return '';
}

function misplaced(wanted: readonly SuiteSeries[], session: CallSession): string {
  for (const { guardrail, of = {}, state } of wanted) {
    const named = JSON.stringify(of);
    const found = session
      .series(guardrail)
      .filter(({ series }) => Object.entries(of).every(([field, value]) => series[field] === value));
    // A series that saw no call is ok.
    if (found.length === 0 && state === 'ok') continue;
    if (found.length === 0) return `expected ${guardrail} ${named} to be ${state}, but it has no such series`;
    const other = found.find((series) => series.state !== state);
    if (other !== undefined)
      return `expected ${guardrail} ${JSON.stringify(other.series)} to be ${state}, it is ${other.state}`;
  }
  return '';
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000} s`;
}
