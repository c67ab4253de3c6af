import type { applyRedactions, createModelCall, detectText, GuardrailSet, RevisedGuardrail } from '../src/index.js';

/** The decision of a decide fixture, as JSON. */
export function playDecide(
  fixture: { guardrails: RevisedGuardrail[]; input: Record<string, unknown> },
  policy: { GuardrailSet: typeof GuardrailSet; createModelCall: typeof createModelCall },
): unknown;
/** Findings and masked text of a mask fixture. */
export function playMask(
  fixture: { input: { detector: string; text: string; with: string; entities?: string[]; minScore?: number } },
  policy: { detectText: typeof detectText; applyRedactions: typeof applyRedactions },
): unknown;
