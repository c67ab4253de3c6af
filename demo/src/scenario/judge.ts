import type { Prompt } from '../assistant/prompts.js';
import type { Observation } from '../messages.js';
import type { Fault, FaultAction } from './faults.js';
import { explained } from './faults.js';

/** What the scenario has seen, judged by its own truth: what apps and servers saw, not what Guardspan says of itself. */
export interface Tally {
  calls: number;
  actions: { redact: number; reroute: number; throttle: number; shutdown: number };
  falseActions: number;
  /** What the first few false actions were. */
  falseExamples: string[];
  /** Prompts that reached the model server with personal data in them. */
  leaks: number;
}

const ERROR_ACTIONS: Readonly<Record<string, FaultAction>> = {
  GuardrailThrottledError: 'throttle',
  GuardrailShutdownError: 'shutdown',
};

/** Starts with nothing seen. */
export function createTally(): Tally {
  return {
    calls: 0,
    actions: { redact: 0, reroute: 0, throttle: 0, shutdown: 0 },
    falseActions: 0,
    falseExamples: [],
    leaks: 0,
  };
}

function addFalse(tally: Tally, what: string): void {
  tally.falseActions += 1;
  if (tally.falseExamples.length < 5) tally.falseExamples.push(what);
}

/** The action that a call shows from outside, if any. */
export function actionSeen({ asked, answered, error }: Observation): FaultAction | null {
  if (error !== '') return ERROR_ACTIONS[error] ?? null;
  return answered !== asked ? 'reroute' : null;
}

/** Counts a call of an app. */
export function judgeCall(tally: Tally, faults: readonly Fault[], observation: Observation): void {
  tally.calls += 1;
  const action = actionSeen(observation);
  if (action === null) return;
  tally.actions[action] += 1;
  const { asked, at, phase } = observation;
  if (!explained(faults, asked, action, at)) addFalse(tally, `${action} of ${asked} in phase ${phase}`);
  for (const fault of faults) {
    if (fault.model === asked && fault.action === action && Number.isNaN(fault.firstAction) && at >= fault.from)
      fault.firstAction = at;
  }
}

/** Counts a prompt as the model server received it: untouched when it was clean, and with nothing but its personal data replaced otherwise. */
export function judgePrompt(tally: Tally, prompts: readonly Prompt[], received: string): void {
  for (const { text, personal } of prompts) {
    if (received.endsWith(text)) {
      if (personal.length > 0) tally.leaks += 1;
      return;
    }
    if (personal.length === 0) continue;
    let pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    for (const secret of personal)
      pattern = pattern.replace(secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), '<[a-z_]+>');
    if (new RegExp(`${pattern}$`).test(received)) {
      tally.actions.redact += 1;
      return;
    }
  }
  addFalse(tally, 'a prompt was changed that is not one of the scenario with its personal data replaced');
}
