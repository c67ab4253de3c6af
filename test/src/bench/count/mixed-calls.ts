import { createModelCall, loadGuardrails, type RecordedCall, type RevisedGuardrail } from '@guardspan/policy';
import { createRandom } from '../support/random.js';

const CONDITIONS = [
  "error.type != ''",
  "decision.action == 'redact'",
  "output.label == 'approve'",
  'output.score > 0.8',
  'duration > 1.0',
  "error.type == 'timeout' || error.type == 'rate_limit'",
  'usage.outputTokens > 400.0',
  "attrs.lang == 'de'",
];

/** Loads documents that must be valid. */
export function documents(text: string): RevisedGuardrail[] {
  const { guardrails, errors } = loadGuardrails(text, { file: 'bench.yaml' });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return guardrails;
}

/**
 * 20 guard-rails that match every call of {@link MixedCalls}, half of them judged with each batch, with 1 to 3 signals each, and `others` that
 * match none.
 */
export function mixedGuardrails(others: number): RevisedGuardrail[] {
  const texts = Array.from({ length: 20 + others }, (_, i) => {
    const quantile = i % 3 === 0;
    const sum = i % 5 === 0;
    return [
      'apiVersion: guardspan/v1alpha1',
      'kind: Guardrail',
      `metadata: {name: g${i}}`,
      'spec:',
      `  match: {services: [${i < 20 ? 'shop' : `other-${i}`}]}`,
      `  over: {window: 5m, every: ${i % 2 === 1 ? '0s' : '5s'}, groupBy: [model], minSamples: 100, signals: {share: {ratio: "${CONDITIONS[i % CONDITIONS.length]!}"}` +
        `${quantile ? ', p95: {quantile: 0.95, of: duration}' : ''}${sum ? ', tokens: {sum: usage.totalTokens}' : ''}}}`,
      // Never true: transitions are rare in a healthy system, judging is not.
      `  when: "${i % 4 === 1 ? 'lower.share' : 'share'} > 0.99${quantile ? ' || p95 > 100.0' : ''}"`,
      '  action: {annotate: {attributes: {seen: "yes"}}}',
      '  mode: warn',
    ].join('\n');
  });
  return documents(texts.join('\n---\n'));
}

/** Signals of the 20 matching guard-rails of {@link mixedGuardrails}: what one call increments. */
export const MIXED_SIGNALS = 20 + 7 + 4;

/** A batch of calls of 50 models that is filled anew, with new ids, each time: a seeded mix of durations, errors, labels and languages. */
export class MixedCalls {
  readonly records: RecordedCall[];
  readonly #id = Buffer.alloc(48, '1');
  readonly #random = createRandom(1);
  #ids = 0;

  constructor(size: number) {
    this.records = Array.from({ length: size }, (_, i): RecordedCall => {
      const call = createModelCall();
      call.service = 'shop';
      call.model.name = `model-${i % 50}`;
      const id = { traceId: '', spanId: '', callId: '' };
      return { call, id, source: 'feed', sampled: false, instance: '', incarnation: '' };
    });
  }

  /** Makes the next batch, of calls that started in the half second before `now`. */
  fill(now: number): RecordedCall[] {
    for (const { call, id } of this.records) {
      const number = ++this.#ids;
      this.#id.write(number.toString(16).padStart(8, '0'), 24);
      this.#id.write((Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'), 40);
      id.traceId = this.#id.toString('latin1', 0, 32);
      id.spanId = this.#id.toString('latin1', 32, 48);
      call.startedAt = now - 0.5 * this.#random();
      call.duration = Math.exp(this.#random() * 3 - 2);
      call.usage.totalTokens = 50 + Math.floor(this.#random() * 1000);
      call.usage.outputTokens = call.usage.totalTokens - 40;
      call.error.type = this.#random() < 0.05 ? 'timeout' : '';
      call.output.label = this.#random() < 0.5 ? 'approve' : 'refuse';
      call.output.score = this.#random();
      call.attrs.lang = this.#random() < 0.5 ? 'de' : 'en';
    }
    return this.records;
  }
}
