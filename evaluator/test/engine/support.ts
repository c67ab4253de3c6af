import { createModelCall, loadGuardrails, type RecordedCall, type RevisedGuardrail } from '@guardspan/policy';
import { createEngine } from '../../src/engine/create-engine.js';
import type { EngineOptions } from '../../src/engine/engine-options.js';
import type { Engine, Transition } from '../../src/engine/types.js';

/** Loads documents that must be valid. */
export function documents(text: string): RevisedGuardrail[] {
  const { guardrails, errors } = loadGuardrails(text, { file: 'test.yaml' });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return guardrails.map(({ revision, guardrail }) => ({ revision, guardrail }));
}

export interface CallParts {
  model?: string;
  duration?: number;
  error?: string;
  action?: string;
  probe?: boolean;
  tokens?: number;
}

/** A call with id number `id` that starts at `startedAt`. */
export function record(id: number, startedAt: number, parts: CallParts = {}): RecordedCall {
  const call = createModelCall();
  call.service = 'shop';
  call.model.name = parts.model ?? 'a';
  call.startedAt = startedAt;
  call.duration = parts.duration ?? 0.5;
  call.error.type = parts.error ?? '';
  call.usage.totalTokens = parts.tokens ?? 10;
  call.decision.action = parts.action ?? 'allow';
  call.decision.probe = parts.probe ?? false;
  const hex = id.toString(16);
  return {
    call,
    id: { traceId: hex.padStart(32, '1'), spanId: hex.padStart(16, '2'), callId: '' },
    source: 'feed',
    sampled: false,
    instance: 'i',
    incarnation: 'n',
  };
}

/** An engine whose transitions are kept and whose ids count up. */
export function start(
  list: readonly RevisedGuardrail[],
  now: number,
  options: Partial<EngineOptions> = {},
): { engine: Engine; transitions: Transition[] } {
  let ids = 0;
  const engine = createEngine({ newId: () => String(++ids), ...options });
  const transitions: Transition[] = [];
  engine.onTransition((transition) => transitions.push(transition));
  engine.load(list, now);
  return { engine, transitions };
}
