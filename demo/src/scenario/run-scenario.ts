import { BERKELEY_1973, DEPARTMENTS } from '../admissions/berkeley-table.js';
import { BIASED_VERSION, HONEST_VERSION, MODEL_NAME } from '../admissions/model-versions.js';
import type { ModelServer } from '../assistant/model-server.js';
import { PROMPTS } from '../assistant/prompts.js';
import type { Command, Event } from '../messages.js';
import type { Child } from './children.js';
import type { CoverageView, EvaluatorApi, VerdictView } from './evaluator-api.js';
import type { Fault } from './faults.js';
import { createFault } from './faults.js';
import { createTally, judgeCall, judgePrompt } from './judge.js';
import type { Tally } from './judge.js';

/** Seconds that a step may take before the scenario gives up on it. */
const STEP_LIMIT = 30;
const POLL_MS = 200;
/** Seconds that the slow model takes: far from what a busy machine makes of 20 ms, so that its load is not taken for the fault. */
const SLOW = 1.5;
const ADMISSIONS_GUARDRAIL = 'equal-admission';

/** Everything that the views show; one object that changes while the scenario runs. */
export interface ScenarioState {
  startedAt: number;
  /** Where the apps send their feed: `direct`, or `collector`. */
  path: 'direct' | 'collector';
  apiUrl: string;
  /** The live page; empty before it is up. */
  pageUrl: string;
  /** The Grafana app on a stand-in for Grafana; empty without one. */
  appUrl: string;
  phase: string;
  tally: Tally;
  faults: Fault[];
  verdicts: VerdictView[];
  coverage: CoverageView;
  propagation: { p50: number; p99: number; count: number };
  admissions: { decided: number; admitted: number; wrong: number; deployed: string };
  /** Newest last, at most 200. */
  log: { at: number; text: string }[];
  /** What did not hold, in words. */
  failures: string[];
  done: boolean;
}

/** What the scenario runs on. */
export interface ScenarioParts {
  api: EvaluatorApi;
  server: ModelServer;
  assistant: Child;
  admissions: Child;
  path: 'direct' | 'collector';
}

/** The state before anything happened. */
export function createState(path: 'direct' | 'collector', apiUrl: string): ScenarioState {
  return {
    startedAt: Date.now() / 1000,
    path,
    apiUrl,
    pageUrl: '',
    appUrl: '',
    phase: 'starting',
    tally: createTally(),
    faults: [
      createFault({ phase: 'slow model', model: 'large-model', action: 'reroute', guardrail: 'slow-model' }),
      createFault({ phase: 'token budget', model: 'report-model', action: 'throttle', guardrail: 'token-budget' }),
      createFault({ phase: 'failing model', model: 'summary-model', action: 'shutdown', guardrail: 'failing-model' }),
      createFault({
        phase: 'biased version',
        model: `${MODEL_NAME}/${BIASED_VERSION}`,
        action: 'reroute',
        guardrail: ADMISSIONS_GUARDRAIL,
      }),
    ],
    verdicts: [],
    coverage: { guarded: 0, unguarded: 0, coverage: null },
    propagation: { p50: NaN, p99: NaN, count: 0 },
    admissions: { decided: 0, admitted: 0, wrong: 0, deployed: HONEST_VERSION },
    log: [],
    failures: [],
    done: false,
  };
}

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** The scenario from the first call to the last release. Changes `state` as it goes; resolves when it is over. */
export class Scenario {
  readonly #parts: ScenarioParts;
  readonly #state: ScenarioState;
  #tableDone = false;
  #readPrompts = 0;
  #polling = true;

  constructor(parts: ScenarioParts, state: ScenarioState) {
    this.#parts = parts;
    this.#state = state;
    for (const child of [parts.assistant, parts.admissions])
      child.process.on('message', (message) => this.#hear(message as Event));
  }

  /** Runs every phase. */
  async run(): Promise<void> {
    const poll = this.#poll();
    await this.#step('both apps are connected and guarded', async () => (await this.#parts.api.connected()) >= 2);
    await this.#phase('normal');
    await sleep(4);
    await this.#fault(
      0,
      (behaviour) => (behaviour.latency = SLOW),
      (behaviour) => (behaviour.latency = 0.02),
    );
    await this.#fault(
      1,
      (behaviour) => (behaviour.outputTokens = 1500),
      (behaviour) => (behaviour.outputTokens = 40),
    );
    await this.#fault(
      2,
      (behaviour) => (behaviour.errorRate = 0.9),
      (behaviour) => (behaviour.errorRate = 0),
    );
    await this.#admissions();
    await this.#phase('calm');
    await sleep(2);
    this.#polling = false;
    await poll;
    await this.#refresh();
    this.#conclude();
    this.#state.done = true;
  }

  #hear(event: Event): void {
    if (event.type === 'calls') {
      for (const observation of event.observations) judgeCall(this.#state.tally, this.#state.faults, observation);
    } else if (event.type === 'table_done') {
      Object.assign(this.#state.admissions, { decided: event.decided, admitted: event.admitted, wrong: event.wrong });
      this.#tableDone = true;
      this.#say(
        `the 1973 table is decided: ${event.decided} applications, ${event.admitted} admitted, ${event.wrong} other than in 1973`,
      );
    }
  }

  #say(text: string): void {
    this.#state.log.push({ at: Date.now() / 1000, text });
    if (this.#state.log.length > 200) this.#state.log.shift();
  }

  #tell(command: Command): void {
    for (const { process } of [this.#parts.assistant, this.#parts.admissions])
      if (process.connected) process.send(command);
  }

  async #phase(name: string): Promise<void> {
    this.#state.phase = name;
    this.#say(`phase: ${name}`);
    this.#tell({ type: 'phase', name });
    await sleep(0.1);
  }

  async #poll(): Promise<void> {
    while (this.#polling) {
      await this.#refresh().catch((error: unknown) =>
        this.#say(`the evaluator does not answer: ${(error as Error).message}`),
      );
      await sleep(POLL_MS / 1000);
    }
  }

  async #refresh(): Promise<void> {
    const { api, server } = this.#parts;
    const before = new Map(this.#state.verdicts.map((verdict) => [verdict.id, verdict]));
    const [verdicts, coverage, propagation] = await Promise.all([api.verdicts(), api.coverage(), api.propagation()]);
    Object.assign(this.#state, { verdicts, coverage, propagation });
    for (const verdict of verdicts) {
      const known = before.get(verdict.id);
      if (known === undefined) this.#say(`verdict of ${verdict.guardrail}: ${verdict.message}`);
      if (verdict.releasedAt > 0 && !(known !== undefined && known.releasedAt > 0)) this.#released(verdict);
    }
    for (; this.#readPrompts < server.received.length; this.#readPrompts++)
      judgePrompt(this.#state.tally, PROMPTS, server.received[this.#readPrompts]!.text);
  }

  #released(verdict: VerdictView): void {
    this.#say(`${verdict.guardrail} is released after ${(verdict.releasedAt - verdict.firstAt).toFixed(1)} s`);
    const fault = this.#state.faults.find(
      ({ guardrail, released }) => guardrail === verdict.guardrail && Number.isNaN(released),
    );
    if (fault !== undefined) fault.released = verdict.releasedAt;
  }

  async #step(what: string, holds: () => boolean | Promise<boolean>, limit = STEP_LIMIT): Promise<boolean> {
    const deadline = Date.now() + limit * 1000;
    while (Date.now() < deadline) {
      if (await Promise.resolve(holds()).catch(() => false)) return true;
      await sleep(0.05);
    }
    this.#state.failures.push(`within ${limit} s it did not happen that ${what}`);
    this.#say(`did not happen: ${what}`);
    return false;
  }

  async #fault(
    index: number,
    breakIt: (behaviour: ReturnType<ModelServer['behaviour']>) => void,
    mendIt: (behaviour: ReturnType<ModelServer['behaviour']>) => void,
  ): Promise<void> {
    const fault = this.#state.faults[index]!;
    const behaviour = this.#parts.server.behaviour(fault.model);
    await this.#phase(fault.phase);
    fault.from = Date.now() / 1000;
    breakIt(behaviour);
    await this.#step(`${fault.model} shows ${fault.action}`, () => !Number.isNaN(fault.firstAction));
    await sleep(2);
    mendIt(behaviour);
    fault.until = Date.now() / 1000;
    this.#say(`${fault.model} is healthy again`);
    await this.#step(`${fault.guardrail} is released`, () =>
      this.#state.verdicts.every((verdict) => verdict.guardrail !== fault.guardrail || verdict.releasedAt > 0),
    );
  }

  async #admissions(): Promise<void> {
    await this.#step('the admissions table of 1973 is decided', () => this.#tableDone, 60);
    // What is still on its way counts for the honest phase.
    await sleep(1);
    await this.#refresh();
    const early = this.#state.verdicts.filter(({ guardrail }) => guardrail === ADMISSIONS_GUARDRAIL);
    if (early.length > 0) {
      this.#state.tally.falseActions += early.length;
      this.#state.failures.push(
        `${ADMISSIONS_GUARDRAIL} spoke in the honest phase, about ${JSON.stringify(early[0]!.series)}`,
      );
    }
    const fault = this.#state.faults[3]!;
    await this.#phase(fault.phase);
    fault.from = Date.now() / 1000;
    this.#state.admissions.deployed = BIASED_VERSION;
    this.#tell({ type: 'deploy', version: BIASED_VERSION });
    await this.#step(
      `${MODEL_NAME} ${BIASED_VERSION} is taken back to ${HONEST_VERSION}`,
      () => !Number.isNaN(fault.firstAction),
    );
    await sleep(1);
  }

  #conclude(): void {
    const { failures, tally, coverage, admissions } = this.#state;
    const expected = DEPARTMENTS.reduce((sum, department) => {
      const { men, women } = BERKELEY_1973[department];
      return sum + men[0] + men[1] + women[0] + women[1];
    }, 0);
    if (admissions.decided !== expected)
      failures.push(`${admissions.decided} of ${expected} applications were decided`);
    if (admissions.wrong > 0)
      failures.push(`the honest version decided ${admissions.wrong} applications other than in 1973`);
    if (tally.leaks > 0) failures.push(`${tally.leaks} prompts reached the model server with personal data`);
    if (tally.falseActions > 0)
      failures.push(`${tally.falseActions} actions without a cause: ${tally.falseExamples.join('; ')}`);
    if (coverage.coverage !== 1) failures.push(`coverage is ${String(coverage.coverage)}, not 1`);
    for (const [action, count] of Object.entries(tally.actions))
      if (count === 0) failures.push(`nobody saw a ${action}`);
  }
}
