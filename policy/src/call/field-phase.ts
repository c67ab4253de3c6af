/** The points at which a field of a call begins to exist, in order. */
export const PHASES = ['request', 'chunk', 'response', 'windowed'] as const;
/** From which point a field may be read. */
export type Phase = (typeof PHASES)[number];

/**
 * From which point each top-level field of {@link ModelCall} exists. A guard-rail that reads one too early is a
 * load error. `group` and `truth` are windowed: measured, never acted on per call.
 */
export const FIELD_PHASE: Readonly<Record<string, Phase>> = {
  model: 'request',
  service: 'request',
  environment: 'request',
  tenant: 'request',
  operation: 'request',
  startedAt: 'request',
  streamed: 'request',
  features: 'request',
  featureView: 'request',
  attrs: 'request',
  toolCalls: 'chunk',
  duration: 'response',
  timeToFirst: 'response',
  error: 'response',
  usage: 'response',
  output: 'response',
  group: 'windowed',
  truth: 'windowed',
  decision: 'windowed',
};

/** True when a field that exists from `field` on may be read at `point`. */
export function availableAt(field: Phase, point: Phase): boolean {
  return PHASES.indexOf(field) <= PHASES.indexOf(point);
}
