import { DRILL_NAME } from '@guardspan/policy';
import type { ApiClient } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { alertReceivers, postNotBlocked } from './alertmanager.js';
import { drillFeed } from './drill-feed.js';
import { DrillProcess } from './drill-process.js';
import { DRILL_STEPS } from './types.js';
import type { DrillResult, DrillStep, DrillStepName } from './types.js';

/** What a drill stands on. Times in seconds. */
export interface DrillOptions {
  /** Reads guard-rails, verdicts and alerts: role viewer. */
  viewer: Pick<ApiClient, 'request'>;
  /** Speaks for the service of drills: role agent. */
  agent: Pick<ApiClient, 'request'>;
  /** Sends the feed; resolves to the status of the answer, rejects when there is none. */
  sendFeed: (body: string) => Promise<number>;
  fetch: typeof fetch;
  /** Alertmanagers that are asked, and told when a drill is not blocked; empty: the evaluator's word is taken. */
  alertmanagers: readonly string[];
  /** For each step. */
  timeout: number;
  now: () => number;
  sleep: (seconds: number) => Promise<void>;
  /** Told of each step when it ends. */
  onStep: (step: DrillStep) => void;
}

/** Calls of one report: twice what the starter's `minSamples` asks for. */
const CALLS = 20;
/** Between two looks, seconds. */
const PAUSE = 0.1;

interface GuardrailView {
  revision: string;
  guardrail: { spec: { mode: string; action: { type: string } } };
}
interface AlertsView {
  items: { guardrail: string; startsAt: number; endedAt: number; folded: boolean }[];
  instances: { url: string; healthy: boolean; reason: string; waiting: number; lastSuccessAt: number }[];
}

/** Why a step failed, in a plain sentence. */
class StepFailure extends Error {}

/**
 * A violation that nobody caused, through the real path: feed, evaluator, verdict, directive, decision of a process, alert, Alertmanager; then its end. When
 * the call is not blocked, the Alertmanagers are told at once, by the drill itself. Never throws.
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const drill = new Drill(options);
  return drill.run();
}

class Drill {
  readonly #options: DrillOptions;
  readonly #process: DrillProcess;
  readonly #steps: DrillStep[] = [];
  readonly #startedAt: number;
  #zero: number;
  #verdict = '';
  #unreachable = false;

  constructor(options: DrillOptions) {
    this.#options = options;
    this.#startedAt = this.#zero = options.now();
    this.#process = new DrillProcess(async (since, messages) => {
      const path = `/api/v1/agent/sync?since=${encodeURIComponent(since)}`;
      const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages }) };
      return (await options.agent.request('POST', path, init)).body as never;
    }, options.now);
  }

  async run(): Promise<DrillResult> {
    const ready =
      (await this.#step('guard-rail', () => this.#checkGuardrail())) &&
      (await this.#step('process', () => this.#join()));
    let blocked = false;
    if (ready) {
      this.#zero = this.#options.now();
      blocked =
        (await this.#step('violation', () => this.#violate())) &&
        (await this.#step('verdict', () => this.#awaitVerdict())) &&
        (await this.#step('directive', () => this.#awaitDirective())) &&
        (await this.#step('blocked', () => this.#callIsBlocked()));
    }
    const alerted = blocked ? [] : await this.#tellNotBlocked();
    if (this.#verdict !== '') {
      if (await this.#step('alert', () => this.#awaitAlert()))
        if (await this.#step('alertmanager', () => this.#awaitAlertmanagers())) await this.#receivers();
      await this.#step('recovery', () => this.#recover());
    }
    for (const step of DRILL_STEPS)
      if (!this.#steps.some((one) => one.step === step)) this.#end(step, 'skipped', 'a step before it failed');
    const ok = blocked && this.#steps.every(({ outcome }) => outcome !== 'failed');
    return {
      drill: true,
      at: this.#startedAt,
      blocked,
      ok,
      unreachable: this.#unreachable,
      steps: this.#steps,
      alerted,
    };
  }

  async #step(step: DrillStepName, work: () => Promise<string>): Promise<boolean> {
    try {
      this.#end(step, 'ok', await work());
      return true;
    } catch (error) {
      this.#unreachable ||= error instanceof CliError && error.exitCode === EXIT.UNREACHABLE;
      this.#end(step, 'failed', sayingOf(error));
      return false;
    }
  }

  #end(step: DrillStepName, outcome: DrillStep['outcome'], detail: string): void {
    const ended = { step, outcome, ms: Math.round((this.#options.now() - this.#zero) * 1000), detail };
    this.#steps.push(ended);
    this.#options.onStep(ended);
  }

  /** Looks until there is something; `what` says what was waited for. */
  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const { now, sleep, timeout } = this.#options;
    for (const end = now() + timeout; ; await sleep(PAUSE)) {
      const found = await look();
      if (found !== undefined) return found;
      if (now() >= end) throw new StepFailure(`${what} within ${timeout} s`);
    }
  }

  async #checkGuardrail(): Promise<string> {
    const path = `/api/v1/guardrails/${DRILL_NAME}`;
    const { status, body } = await this.#options.viewer.request('GET', path, { expected: [404] });
    if (status === 404)
      throw new StepFailure(
        `there is no guard-rail ${DRILL_NAME}: guardspan init drill writes it, push it in mode enforce`,
      );
    const { revision, guardrail } = body as GuardrailView;
    const { mode, action } = guardrail.spec;
    if (mode !== 'enforce')
      throw new StepFailure(
        `${DRILL_NAME} is in mode ${mode}: only enforce blocks calls; write mode: enforce into its file and push it`,
      );
    return `mode enforce, action ${action.type}, revision ${revision.slice(0, 12)}`;
  }

  async #join(): Promise<string> {
    await this.#until(`the evaluator gave no set that holds ${DRILL_NAME}`, async () => {
      await this.#process.sync();
      return this.#process.holds(DRILL_NAME) ? true : undefined;
    });
    if (await this.#lasts()) await this.#recover();
    return `acknowledged set ${this.#process.revision.slice(0, 12)} as service ${DRILL_NAME}`;
  }

  async #report(failed: boolean, probeOf?: string): Promise<void> {
    const { incarnation } = this.#process;
    const body = drillFeed({ incarnation, count: CALLS, failed, probeOf, at: this.#options.now() });
    const status = await this.#options.sendFeed(body);
    if (status === 401 || status === 403)
      throw new StepFailure(`the receiver of the feed answered ${status}: check the token of --agent-token-file`);
    if (status < 200 || status > 299) throw new StepFailure(`the receiver of the feed answered ${status}`);
  }

  async #violate(): Promise<string> {
    await this.#report(true);
    return `${CALLS} failed calls of the model ${DRILL_NAME}, each marked guardspan.drill`;
  }

  async #awaitVerdict(): Promise<string> {
    const found = await this.#until('the evaluator came to no verdict', () => this.#activeVerdict());
    this.#verdict = found.id;
    return `${found.state}, verdict ${found.id}`;
  }

  async #awaitDirective(): Promise<string> {
    const id = await this.#until('no directive came', async () => {
      await this.#process.sync();
      return [...this.#process.directives.keys()][0];
    });
    await this.#process.sync();
    return `${id} applied by this process`;
  }

  async #callIsBlocked(): Promise<string> {
    const { end, action, disposition, verdicts } = this.#process.decide();
    await this.#process.sync();
    if (end === null) {
      const why = verdicts.map(({ code }) => code).join(', ');
      throw new StepFailure(`the next call went through: ${disposition}${why === '' ? '' : ` (${why})`}`);
    }
    return `the next call ended with ${action}, ${disposition}`;
  }

  async #alerts(): Promise<AlertsView> {
    return (await this.#options.viewer.request('GET', '/api/v1/alerts')).body as AlertsView;
  }

  async #awaitAlert(): Promise<string> {
    const alert = await this.#until('the evaluator raised no alert', async () =>
      (await this.#alerts()).items.find(({ guardrail, endedAt }) => guardrail === DRILL_NAME && endedAt === 0),
    );
    if (alert.folded)
      throw new StepFailure('the alert budget of its owner is used up: it is folded into a storm alert');
    return alert.startsAt < this.#startedAt
      ? 'the alert of an earlier drill lasts still, so nobody is paged again before alertHold is over'
      : 'raised, labelled drill="true"';
  }

  async #awaitAlertmanagers(): Promise<string> {
    const told = await this.#until('no Alertmanager took the alert', async () => {
      const { instances } = await this.#alerts();
      if (instances.length === 0) {
        if (this.#options.alertmanagers.length > 0) return { took: [], of: [] };
        throw new StepFailure(
          'the evaluator has none (--alertmanagers): name one that Prometheus tells, --alertmanager',
        );
      }
      const took = instances.filter(
        ({ healthy, waiting, lastSuccessAt }) => healthy && waiting === 0 && lastSuccessAt > 0,
      );
      return took.length > 0 ? { took, of: instances } : undefined;
    });
    if (told.of.length === 0) return 'the evaluator has none: the Prometheus rule tells people';
    const away = told.of
      .filter((one) => !told.took.includes(one))
      .map(({ url, reason }) => `${url}: ${reason || 'waits'}`);
    return `taken by ${told.took.length} of ${told.of.length}${away.length === 0 ? '' : ` (${away.join('; ')})`}`;
  }

  async #receivers(): Promise<void> {
    const { alertmanagers, fetch } = this.#options;
    if (alertmanagers.length === 0)
      return this.#end('receivers', 'skipped', 'name an Alertmanager with --alertmanager');
    await this.#step('receivers', async () => {
      const seen = await this.#until('no Alertmanager holds the alert', () => alertReceivers(alertmanagers, fetch));
      if (seen.muted !== '') throw new StepFailure(`nobody is told: the alert is ${seen.muted}`);
      return `routed to ${seen.receivers.join(', ')}`;
    });
  }

  /** Reports good probes until the evaluator has released everything. */
  async #recover(): Promise<string> {
    const { now, sleep, timeout } = this.#options;
    for (const end = now() + timeout; await this.#lasts(); await sleep(0.5)) {
      if (now() >= end)
        throw new StepFailure(`the evaluator did not release the model within ${timeout} s of good probes`);
      const held = [...this.#process.directives.keys()];
      for (const id of held.length === 0 ? [''] : held) await this.#report(false, id);
    }
    return 'released after good probes';
  }

  /** Whether a violation by a drill is still under way: this one, or one that was cut off. */
  async #lasts(): Promise<boolean> {
    await this.#process.sync();
    return this.#process.directives.size > 0 || (await this.#activeVerdict()) !== undefined;
  }

  async #activeVerdict(): Promise<{ id: string; state: string } | undefined> {
    const path = `/api/v1/verdicts?guardrail=${DRILL_NAME}&active=true&limit=1`;
    const { body } = await this.#options.viewer.request('GET', path);
    return (body as { items: { id: string; state: string }[] }).items[0];
  }

  async #tellNotBlocked(): Promise<string[]> {
    const failed = this.#steps.find(({ outcome }) => outcome === 'failed');
    const reason = failed === undefined ? 'unknown' : `${failed.step}: ${failed.detail}`;
    return postNotBlocked(this.#options.alertmanagers, reason, this.#options.now(), this.#options.fetch);
  }
}

/** What is said of a step that failed, on one line: with how to mend it, where that is known. */
function sayingOf(error: unknown): string {
  if (!(error instanceof CliError)) return (error as Error).message;
  return error.hint === '' ? error.text : `${error.text}; ${error.hint}`;
}
