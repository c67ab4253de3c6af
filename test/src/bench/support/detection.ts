import { setTimeout as sleep } from 'node:timers/promises';
import { OtlpBatch } from './otlp-batch.js';
import type { BatchSpan } from './otlp-batch.js';
import { startHelper } from './processes.js';
import { message, post, SERVICE } from './messages.js';

/** One kind of breach: what it looks like, and the guard-rail that must find it. */
interface Kind {
  kind: string;
  guardrail: string;
  good: Omit<BatchSpan, 'model'>;
  bad: Omit<BatchSpan, 'model'>;
}

/** One measured breach, ms. */
export interface Detection {
  kind: string;
  /** Onset to the verdict. */
  detect_ms: number;
  /** Verdict to enforced in the process. */
  push_ms: number;
  total_ms: number;
}

/** Calls a second of the service whose breach is detected. */
const RATE = 100;
/** Calls that begin within this time are sent together, ms. */
const STEP_MS = 20;
/** Seconds of good calls before the breach: the window is full of them. */
const HISTORY = 60;

function guardrailName(kind: string): string {
  return `detect-${kind.replaceAll('_', '-')}`;
}

function document(name: string, signal: string, when: string): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${guardrailName(name)}}
spec:
  match: {services: [${SERVICE}], models: [detect-${name}]}
  over: {window: 60s, every: 0s, groupBy: [model], minSamples: 200, signals: {s: ${signal}}}
  when: "${when}"
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
`;
}

const KINDS: readonly Kind[] = [
  {
    kind: 'latency_p95',
    guardrail: document('latency_p95', '{quantile: 0.95, of: duration}', 's > 1.5'),
    good: { duration: 0.2 },
    bad: { duration: 1.6 },
  },
  {
    kind: 'error_ratio',
    guardrail: document('error_ratio', '{ratio: "error.type != \'\'"}', 's > 0.05'),
    good: { duration: 0.2 },
    bad: { duration: 0.2, error: 'Timeout' },
  },
  {
    kind: 'token_sum',
    guardrail: document('token_sum', '{sum: usage.totalTokens}', 's > 100000.0'),
    // A full window of good calls has spent 60,000 tokens.
    good: { duration: 0.2, tokens: 5 },
    bad: { duration: 0.2, tokens: 100 },
  },
];

/** Guard-rails that {@link measureDetection} needs. */
export const DETECTION_GUARDRAILS: readonly string[] = KINDS.map(({ guardrail }) => guardrail);

/**
 * Onset of a breach (every call bad from then on, 100 calls a second, a 60 s window full of good calls before) to enforced, split into detection
 * and push. Bad calls are sent when they end, as a process does: a breach of 1.6 s calls cannot be seen in less than 1.6 s.
 */
export async function measureDetection(evaluator: string): Promise<Detection[]> {
  return Promise.all(KINDS.map((kind) => detect(evaluator, kind)));
}

async function detect(evaluator: string, { kind, good, bad }: Kind): Promise<Detection> {
  const model = `detect-${kind}`;
  const program = startHelper('clients', [evaluator, '1', SERVICE]);
  /** Sends calls that begin from `from` on at the steady rate, each when it has ended, until `done` says so. */
  const send = async (span: Omit<BatchSpan, 'model'>, from: number, done: (at: number) => boolean): Promise<void> => {
    const spans = Array.from({ length: (RATE * STEP_MS) / 1000 }, () => ({ model, ...span }));
    for (let at = from; !done(at); at += STEP_MS) {
      await sleep(Math.max(0, at + span.duration * 1000 - Date.now()));
      void post(evaluator, new OtlpBatch(SERVICE, model, spans).renew(at / 1000)).catch(() => undefined);
    }
  };
  try {
    await message(program, (value) => 'ready' in (value as object));
    const started = Date.now();
    const onset = started + HISTORY * 1000;
    const history = send(good, started, (at) => at >= onset);
    await sleep(onset - 1000 - Date.now());
    const enforced = message<{ received: number[] }>(
      program,
      (value) => (value as { scope?: { model: string } }).scope?.model === model,
    );
    let over = false;
    const breach = send(bad, onset, () => over);
    const { received } = await enforced;
    const receivedAt = Date.now() - (Number(process.hrtime.bigint()) / 1e6 - received[0]!);
    over = true;
    await Promise.all([history, breach]);
    const issuedAt = (await issued(evaluator, guardrailName(kind))) * 1000;
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    return {
      kind,
      detect_ms: round(issuedAt - onset),
      push_ms: round(receivedAt - issuedAt),
      total_ms: round(receivedAt - onset),
    };
  } finally {
    await program.stop();
  }
}

async function issued(evaluator: string, guardrail: string): Promise<number> {
  const response = await fetch(`${evaluator}/api/v1/directives`);
  const { items } = (await response.json()) as { items: { guardrail: string; issuedAt: number }[] };
  const directive = items.find((item) => item.guardrail === guardrail);
  if (directive === undefined) throw new Error(`no directive of ${guardrail} is active`);
  return directive.issuedAt;
}
