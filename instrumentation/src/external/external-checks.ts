import { readJsonSource } from '@guardspan/policy/runtime';
import type {
  ExternalCheck,
  ExternalFinding,
  ExternalOutcome,
  ExternalOutcomes,
  JsonSource,
  PlacedFinding,
  TextPart,
} from '@guardspan/policy/runtime';
import type { Clock } from '../guard/clock.js';
import type { RegoEngines } from '../rego/rego-engines.js';
import { BoundedService } from './bounded-service.js';
import type { DetectorRegistry } from './detector-registry.js';
import type { ExternalDetector } from './types.js';

const MAX_FINDINGS = 10_000;

/** Asks what decisions need from outside of the guard: one {@link BoundedService} for each declared detector. */
export class ExternalChecks {
  readonly #services = new WeakMap<ExternalDetector, BoundedService>();

  constructor(
    private readonly registry: DetectorRegistry,
    private readonly clock: Clock,
    private readonly engines: RegoEngines,
  ) {}

  /** Asks everything at the same time. Resolves at the latest at the longest deadline and never rejects. */
  async ask(checks: readonly ExternalCheck[]): Promise<ExternalOutcomes> {
    const outcomes = await Promise.all(checks.map((check) => this.#one(check)));
    return new Map(checks.map(({ key }, index) => [key, outcomes[index]!]));
  }

  async #one({ question, deadline }: ExternalCheck): Promise<ExternalOutcome> {
    if (question.kind === 'rego') return this.engines.askServer(question, deadline);
    const detector = this.registry.get(question.name);
    if (detector === undefined) {
      const message = `this process declares no detector ${question.name}`;
      return { ok: false, failure: 'detector_error', message };
    }
    let service = this.#services.get(detector);
    if (!service) this.#services.set(detector, (service = new BoundedService(detector.name, this.clock, detector)));
    const { entities, minScore, parts } = question;
    const answer = await service.ask(async (signal) => {
      const findings = await detector.detect({ entities, minScore, parts }, signal);
      return placed(checked(findings, new Map(parts.map(({ path, text }) => [path, text.length]))), parts);
    }, deadline);
    return answer.ok ? { ok: true, findings: answer.value } : answer;
  }
}

// What a foreign detector says decides what is cut out of a text, so it is not taken on trust.
function checked(findings: readonly ExternalFinding[], lengths: ReadonlyMap<string, number>): ExternalFinding[] {
  if (!Array.isArray(findings) || findings.length > MAX_FINDINGS) throw new Error('no list of findings');
  return findings.map(({ path, entity, start, end, score }) => {
    if (typeof entity !== 'string' || !(score >= 0 && score <= 1)) throw new Error('no finding');
    if (path === '') return { path, entity, start: 0, end: 0, score };
    const length = lengths.get(path) ?? -1;
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= length))
      throw new Error('a finding outside of the text');
    return { path, entity, start, end, score };
  });
}

/** A detector reads the source of JSON, so its places are those of the source, which has to stay valid. What points between the values of JSON is at no place that could be replaced. */
function placed(findings: readonly ExternalFinding[], parts: readonly TextPart[]): PlacedFinding[] {
  const sources = new Map<string, JsonSource | null>();
  return findings.map((finding) => {
    const { path, start, end } = finding;
    if (path === '') return finding;
    let source = sources.get(path);
    if (source === undefined) {
      const part = parts.find((each) => each.path === path)!;
      sources.set(path, (source = readJsonSource(part.text, part.tool !== undefined)));
    }
    if (source === null) return finding;
    const { sourceEdits } = source;
    const edits = (replacement: string): ReturnType<typeof sourceEdits> => sourceEdits({ start, end, replacement });
    return edits('').length === 0 ? { ...finding, path: '', start: 0, end: 0 } : { ...finding, edits };
  });
}
