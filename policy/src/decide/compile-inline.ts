import type { ModelCall } from '../call/model-call.js';
import type { Condition } from '../condition/compile-condition.js';
import { compileCondition } from '../condition/compile-condition.js';
import { callVariablesAt, DETECTOR_RESULT, paramVariables, VALUES_RESULT } from '../condition/variables.js';
import { detectText, prepareDetector } from '../detect/detect-text.js';
import type { JsonEdit } from '../detect/json-edits.js';
import { looksLikeJson, readJsonSource } from '../detect/json-source.js';
import type { JsonSource } from '../detect/json-source.js';
import type { Finding } from '../detect/types.js';
import type { DetectorUse, InlinePoint, RevisedGuardrail } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { checkValues } from '../values/check-values.js';
import type { ValueRules } from '../values/value-types.js';
import type { ExternalOutcome, ExternalOutcomes } from '../external/types.js';
import type { Scoping } from '../document/scoping-types.js';
import { compileScope } from '../match/compile-scope.js';
import type { CompiledScoping } from './applicable.js';
import { compileScoping } from './applicable.js';
import { compileExceptions } from './exemption.js';
import type { CompiledException } from './exemption.js';
import { actionClassOf } from './failure-table.js';
import { compileContext } from './inline-context.js';
import type { InlineContext, TotalOf } from './inline-context.js';
import type { DetectorTally, TallyEntry } from './detector-tally.js';
import { toolLimitOf } from './tool-limit.js';
import type { LimitOf, ToolLimit } from './tool-limit.js';
import type { ActionClass, TextPart, TextWindow } from './types.js';
import { limitedKey } from './use-key.js';

/** A guard-rail that is ready to be evaluated in the calling process. */
export interface CompiledInline extends RevisedGuardrail {
  readonly name: string;
  readonly point: InlinePoint;
  readonly actionClass: ActionClass;
  readonly matches: (call: ModelCall) => boolean;
  readonly condition: Condition<boolean>;
  /** Uses of detectors that are asked outside of this process; empty for nearly every guard-rail. */
  readonly external: readonly DetectorUse[];
  /** `where`, `counters`, `params`, `rollout` and `expires`; null for nearly every guard-rail. */
  readonly scoping: CompiledScoping | null;
  /** Neither detectors nor scoping: the condition reads the call itself. */
  readonly bare: boolean;
  readonly context: InlineContext;
  /** Which uses of detectors look only into the arguments of some tools. */
  readonly limitOf: LimitOf;
  /** False: nothing that stands in a text can matter to it, apart from what tools are given. */
  readonly readsText: boolean;
  /** What exempts calls from it; null for nearly every guard-rail. */
  readonly exceptions: readonly CompiledException[] | null;
}

/** Variables of an inline condition: the call's fields at the point, `{count, maxScore, entities}` for each detector (and `fields` for a check of values), a number for each counter, and `params`. */
export function inlineVariables(
  point: InlinePoint,
  { uses, counters, params }: { uses: Readonly<Record<string, DetectorUse>> } & Pick<Scoping, 'counters' | 'params'>,
): ReturnType<typeof callVariablesAt> {
  const detectors = Object.fromEntries(
    Object.entries(uses).map(([name, use]) => [name, use.values === undefined ? DETECTOR_RESULT : VALUES_RESULT]),
  );
  const totals = Object.fromEntries(Object.keys(counters ?? {}).map((name) => [name, 'double' as const]));
  return { ...callVariablesAt(point), ...detectors, ...totals, ...paramVariables(params) };
}

/**
 * Compiles an inline guard-rail.
 * @throws GuardspanError with the code of the condition or detector that cannot be compiled
 */
export function compileInline(revised: RevisedGuardrail): CompiledInline {
  const { spec, metadata } = revised.guardrail;
  if (spec.at === null)
    throw new GuardspanError('GUARDSPAN_NOT_INLINE', `${metadata.name} is not evaluated inline`, 'it has `over`');
  assertNothingAwaited(spec);
  assertLiteral(spec);
  const external = Object.values(spec.uses).filter((use) => use.external !== undefined);
  const scoping = compileScoping(revised.guardrail);
  const limitOf = toolLimitOf(spec.action);
  for (const use of Object.values(spec.uses))
    if (!external.includes(use) && use.values === undefined) prepareDetector(use.detector, use.entities, use.pack);
  return {
    ...revised,
    name: metadata.name,
    point: spec.at,
    actionClass: actionClassOf(spec.action, false),
    matches: compileScope(spec),
    condition: compileCondition(spec.when, inlineVariables(spec.at, spec), 'bool'),
    external,
    scoping,
    bare: scoping === null && Object.keys(spec.uses).length === 0,
    context: compileContext(spec.uses, scoping, limitOf),
    limitOf,
    readsText: readsText(spec, limitOf),
    exceptions: compileExceptions(revised.guardrail),
  };
}

function readsText({ uses, rego }: RevisedGuardrail['guardrail']['spec'], limitOf: LimitOf): boolean {
  return rego !== undefined || Object.keys(uses).some((name) => limitOf(name) === undefined);
}

// A piece of an answer is not held for something outside of the process; a set that arrives over the wire may ask for it all the same.
function assertNothingAwaited({ at, uses, rego }: RevisedGuardrail['guardrail']['spec']): void {
  const awaited = [...Object.values(uses), rego].some((use) => use?.external !== undefined);
  if (at !== 'chunk' || !awaited) return;
  throw new GuardspanError(
    'GUARDSPAN_DOC_EXTERNAL',
    'at chunk nothing outside of the process is asked',
    'use `at: response`',
  );
}

// The same for a rewrite that would have to know the text to its end.
function assertLiteral({ at, action }: RevisedGuardrail['guardrail']['spec']): void {
  if (at !== 'chunk' || action.type !== 'rewrite') return;
  if (action.by === undefined && action.with?.includes('{text}') === false) return;
  throw new GuardspanError(
    'GUARDSPAN_DOC_REWRITE',
    'at chunk only a literal without {text} can be written',
    'use `at: response`',
  );
}

/** What a detector found in one part. */
export interface PartFinding extends Finding {
  path: string;
  /** Present in JSON: makes the edits that put a replacement in its place and leave the source valid. */
  edits?: (replacement: string) => JsonEdit[];
}

/** What a use of a detector comes to. */
export interface DetectorSummary {
  readonly count: number;
  /** 0 when nothing was found. */
  readonly maxScore: number;
  /** Sorted, each once. */
  readonly entities: string[];
  /** Of a check of values: names of what is wrong, sorted, each once. */
  readonly fields?: string[];
}

/** Of most texts. One for all; never changed. */
export const NOTHING_FOUND: DetectorSummary = { count: 0, maxScore: 0, entities: [] };

function summarise(
  use: DetectorUse,
  findings: readonly PartFinding[],
  before: TallyEntry | undefined,
): DetectorSummary {
  if (findings.length === 0 && before === undefined && use.values === undefined) return NOTHING_FOUND;
  return {
    count: findings.length + (before?.count ?? 0),
    maxScore: findings.reduce((max, finding) => Math.max(max, finding.score), before?.maxScore ?? 0),
    entities: [...new Set([...(before?.entities ?? []), ...findings.map(({ entity }) => entity)])].sort(),
    ...(use.values === undefined ? {} : { fields: findings.map(({ path }) => path) }),
  };
}

/** Findings in the decoded text, at their places in the source. */
function findingsIn(source: JsonSource, path: string, use: DetectorUse): PartFinding[] {
  return detectText(use.detector, source.text, use).map((finding) => {
    const edits = (replacement: string): JsonEdit[] =>
      source.edits({ start: finding.start, end: finding.end, replacement });
    const places = edits('');
    const [start, end] = [places[0]?.start ?? 0, places.at(-1)?.end ?? 0];
    return { ...finding, start, end, path, edits };
  });
}

const NO_OUTCOMES: ExternalOutcomes = new Map();

/** Detector results of one call at one point, each computed when it is first read, shared by all guard-rails that ask the same. */
export class DetectorResults {
  /** Outcomes of checks outside of this process that are known by now. */
  outcomes: ExternalOutcomes = NO_OUTCOMES;
  readonly #texts: () => readonly TextPart[];
  #cache: Map<string, PartFinding[]> | undefined;
  #summaries: Map<string, DetectorSummary> | undefined;
  #parts: readonly TextPart[] | undefined;
  #sources: Map<TextPart, JsonSource | null> | undefined;
  #lastKey = '';
  #lastSummary: DetectorSummary | undefined;
  #lastMake: InlineContext | undefined;
  #lastContext: object | undefined;

  constructor(
    texts: () => readonly TextPart[],
    private readonly window?: TextWindow,
    private readonly soFar?: DetectorTally,
    private readonly call?: ModelCall,
  ) {
    this.#texts = texts;
  }

  /** The texts of the call at this point, read once. */
  parts(): readonly TextPart[] {
    return (this.#parts ??= this.#texts());
  }

  /**
   * Findings of one use over all parts, or over those that the limit covers.
   * @throws ExternalGap when the use is asked outside of this process and there is no answer
   */
  findings(use: DetectorUse, limit?: ToolLimit): PartFinding[] {
    const key = limitedKey(use, limit);
    let found = this.#cache?.get(key);
    if (found === undefined) {
      found =
        limit !== undefined
          ? this.#limited(use, limit)
          : use.values !== undefined
            ? this.#check(use, use.values)
            : use.external === undefined
              ? this.#detect(use)
              : this.#answer(key, use);
      (this.#cache ??= new Map()).set(key, found);
    }
    return found;
  }

  /**
   * What a condition and a policy see of a use, put together once.
   * @param key {@link limitedKey} of both, for whom it is known
   * @throws ExternalGap when the use is asked outside of this process and there is no answer
   */
  summary(use: DetectorUse, limit?: ToolLimit, key = limitedKey(use, limit)): DetectorSummary {
    // Guard-rails that read the same come one after the other.
    if (key === this.#lastKey && this.#lastSummary !== undefined) return this.#lastSummary;
    let summary = this.#summaries?.get(key);
    if (summary === undefined) {
      summary = summarise(use, this.findings(use, limit), this.before(use, limit));
      (this.#summaries ??= new Map()).set(key, summary);
    }
    this.#lastKey = key;
    return (this.#lastSummary = summary);
  }

  /** True when each of these uses ({@link limitedKey}) has been asked and none has found anything. */
  foundNothing(keys: readonly string[]): boolean {
    for (const key of keys) {
      const summary = key === this.#lastKey ? this.#lastSummary : this.#summaries?.get(key);
      if (summary !== NOTHING_FOUND) return false;
    }
    return true;
  }

  /** What conditions read of the call and of these results; one for guard-rails that share `make`. @param total The same for all of them. */
  contextBy(make: InlineContext, call: ModelCall, total: TotalOf): object {
    if (make === this.#lastMake) return this.#lastContext!;
    this.#lastMake = make;
    return (this.#lastContext = make(call, this, total));
  }

  /** What the use found in the chunks before; undefined when nothing, or when the text is judged in one piece. */
  before(use: DetectorUse, limit?: ToolLimit): TallyEntry | undefined {
    return this.soFar?.get(limitedKey(use, limit));
  }

  /** Adds what was found now to what was found before. */
  settle(): void {
    if (this.soFar && this.#cache) for (const [key, found] of this.#cache) this.soFar.add(key, found);
  }

  #judged(finding: Finding): boolean {
    const { window } = this;
    return window === undefined || (finding.start >= window.from && finding.start < window.until);
  }

  /** What was found at no place may be in a part that the limit covers. */
  #limited(use: DetectorUse, limit: ToolLimit): PartFinding[] {
    const covered = new Set(
      this.parts()
        .filter((part) => limit.covers(part))
        .map(({ path }) => path),
    );
    return this.findings(use).filter(({ path }) => covered.has(path) || (path === '' && use.external !== undefined));
  }

  #detect(use: DetectorUse): PartFinding[] {
    const found: PartFinding[] = [];
    for (const part of this.parts()) {
      const source = this.#sourceOf(part);
      if (source !== null) found.push(...findingsIn(source, part.path, use));
      else {
        for (const finding of detectText(use.detector, part.text, use)) {
          if (this.#judged(finding)) found.push({ ...finding, path: part.path });
        }
      }
    }
    return found;
  }

  /** A part as JSON; null when it is none, or a stretch of a stream, which is decoded already. */
  #sourceOf(part: TextPart): JsonSource | null {
    if (this.window !== undefined || !looksLikeJson(part.text)) return null;
    let source = this.#sources?.get(part);
    if (source === undefined) {
      source = readJsonSource(part.text, part.tool !== undefined);
      (this.#sources ??= new Map()).set(part, source);
    }
    return source;
  }

  /** Findings of a check of values: `path` is the name, there is no place in a text, and no value is kept. */
  #check({ on, entities }: DetectorUse, rules: ValueRules): PartFinding[] {
    const values = (on === 'features' ? this.call?.features : this.call?.output.values) ?? {};
    return checkValues(rules, values)
      .filter(({ issue }) => entities.length === 0 || entities.includes(issue))
      .map(({ name, issue }) => ({ path: name, entity: issue, start: 0, end: 0, score: 1 }));
  }

  #answer(key: string, use: DetectorUse): PartFinding[] {
    const outcome = this.outcomes.get(key);
    // Texts that cannot be read fail here, where that is a row of the failure table.
    if (outcome === undefined) this.parts();
    if (outcome === undefined || !outcome.ok) throw new ExternalGap(outcome);
    return outcome.findings.filter(
      ({ entity, score }) => score >= use.minScore && (use.entities.length === 0 || use.entities.includes(entity)),
    );
  }
}

/** A condition reads what a check outside of this process has not answered (`outcome` undefined), or could not. */
export class ExternalGap extends Error {
  constructor(readonly outcome: Extract<ExternalOutcome, { ok: false }> | undefined) {
    super('a check outside of this process gave no answer');
  }
}
