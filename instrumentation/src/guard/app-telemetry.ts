import * as api from '@opentelemetry/api';
import { ATTR, EVENT, METRIC, SCOPE_NAME } from '@guardspan/policy/runtime';
import type { Decision, ModelCall } from '@guardspan/policy/runtime';
import type { Clock } from './clock.js';
import { decidingVerdict } from './decisions.js';

interface EventLogger {
  emit(record: object): void;
}
interface EventLoggerProvider {
  getLogger(name: string): EventLogger;
}

/** The key of `@opentelemetry/api-logs`, which the older line of OpenTelemetry keeps apart from the API. */
const LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs');
const SEVERITY_INFO = 9;
const SEVERITY_WARN = 13;

function eventLogger(): EventLogger | undefined {
  const current = (api as { logs?: EventLoggerProvider }).logs;
  if (current) return current.getLogger(SCOPE_NAME);
  const older = (globalThis as { [LOGS_KEY]?: (version: number) => EventLoggerProvider | undefined })[LOGS_KEY];
  return older?.(1)?.getLogger(SCOPE_NAME);
}

/** Writes the log event of a decision that is not a plain allow. Holds no content. */
export function emitVerdictEvent(call: ModelCall, decision: Decision, context: api.Context): void {
  const verdict = decidingVerdict(decision);
  if (!verdict) return;
  const acted = decision.action !== 'allow';
  eventLogger()?.emit({
    eventName: EVENT.VERDICT,
    severityNumber: acted ? SEVERITY_WARN : SEVERITY_INFO,
    severityText: acted ? 'WARN' : 'INFO',
    body: verdict.message,
    context,
    attributes: {
      [ATTR.MODEL_NAME]: call.model.name,
      [ATTR.MODEL_VERSION]: call.model.version,
      [ATTR.DISPOSITION]: decision.disposition,
      [ATTR.ACTION]: decision.action,
      [ATTR.VERDICT]: verdict.outcome,
      [ATTR.VERDICT_GUARDRAIL]: verdict.guardrail,
      [ATTR.VERDICT_CODE]: verdict.code,
      [ATTR.VERDICT_REVISION]: verdict.revision,
      [ATTR.DIRECTIVE_ID]: decision.directive,
    },
  });
}

/** Deciding takes microseconds, and seconds when a check outside of the process is asked; the SDK's own boundaries begin at five seconds. */
const DECISION_TIMES = [
  0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1,
] as const;

/** What an application without metrics gets from the API: one object for all. */
const NOOP_COUNTER = api.createNoopMeter().createCounter('');

/** The two metrics that the application exports. Made anew when the application sets another meter provider. */
export class AppMetrics {
  #provider: api.MeterProvider | null = null;
  /** Null while nobody would see them. */
  #instruments: { decisions: api.Counter; duration: api.Histogram } | null = null;

  /** Counts a decision. @param began When deciding began on the calling path, seconds by the clock. */
  decided(call: ModelCall, decision: Decision, clock: Pick<Clock, 'monotonic'>, began: number): void {
    const provider = api.metrics.getMeterProvider();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#instruments = instrumentsOf(provider);
    }
    if (this.#instruments === null) return;
    const attributes = {
      [ATTR.MODEL_NAME]: call.model.name,
      [ATTR.DISPOSITION]: decision.disposition,
      [ATTR.ACTION]: decision.action,
    };
    this.#instruments.decisions.add(1, attributes);
    this.#instruments.duration.record(clock.monotonic() - began, attributes);
  }
}

function instrumentsOf(provider: api.MeterProvider): { decisions: api.Counter; duration: api.Histogram } | null {
  const meter = provider.getMeter(SCOPE_NAME);
  const decisions = meter.createCounter(METRIC.APP_DECISIONS, { unit: '{decision}' });
  if (decisions === NOOP_COUNTER) return null;
  const duration = meter.createHistogram(METRIC.APP_DECISION_DURATION, {
    unit: 's',
    advice: { explicitBucketBoundaries: [...DECISION_TIMES] },
  });
  return { decisions, duration };
}
