import type { ModelCall } from '../call/model-call.js';
import type { Condition } from '../condition/compile-condition.js';
import { compileCondition } from '../condition/compile-condition.js';
import { callVariablesAt, DETECTOR_RESULT } from '../condition/variables.js';
import { detectText, prepareDetector } from '../detect/detect-text.js';
import type { Finding } from '../detect/types.js';
import type { DetectorUse, InlinePoint, RevisedGuardrail } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { compileMatch } from '../match/compile-match.js';
import { actionClassOf } from './failure-table.js';
import type { DetectorTally, TallyEntry } from './detector-tally.js';
import type { ActionClass, TextPart, TextWindow } from './types.js';

/** A guard-rail that is ready to be evaluated in the calling process. */
export interface CompiledInline extends RevisedGuardrail {
  readonly name: string;
  readonly point: InlinePoint;
  readonly actionClass: ActionClass;
  readonly matches: (call: ModelCall) => boolean;
  readonly condition: Condition<boolean>;
}

/** Variables of an inline condition: the call's fields at the point, and one `{count, maxScore, entities}` for each detector. */
export function inlineVariables(
  point: InlinePoint,
  uses: Readonly<Record<string, DetectorUse>>,
): ReturnType<typeof callVariablesAt> {
  const detectors = Object.fromEntries(Object.keys(uses).map((name) => [name, DETECTOR_RESULT]));
  return { ...callVariablesAt(point), ...detectors };
}

/**
 * Compiles an inline guard-rail.
 * @throws GuardspanError with the code of the condition or detector that cannot be compiled
 */
export function compileInline(revised: RevisedGuardrail): CompiledInline {
  const { spec, metadata } = revised.guardrail;
  if (spec.at === null)
    throw new GuardspanError('GUARDSPAN_NOT_INLINE', `${metadata.name} is not evaluated inline`, 'it has `over`');
  for (const use of Object.values(spec.uses)) prepareDetector(use.detector, use.entities);
  return {
    ...revised,
    name: metadata.name,
    point: spec.at,
    actionClass: actionClassOf(spec.action, false),
    matches: compileMatch(spec.match),
    condition: compileCondition(spec.when, inlineVariables(spec.at, spec.uses), 'bool'),
  };
}

/** What a detector found in one part. */
export interface PartFinding extends Finding {
  path: string;
}

/** Detector results of one call at one point, each computed when it is first read, shared by all guard-rails that ask the same. */
export class DetectorResults {
  readonly #texts: () => readonly TextPart[];
  readonly #cache = new Map<string, PartFinding[]>();
  #parts: readonly TextPart[] | undefined;

  constructor(
    texts: () => readonly TextPart[],
    private readonly window?: TextWindow,
    private readonly soFar?: DetectorTally,
  ) {
    this.#texts = texts;
  }

  /** Findings of one use over all parts. */
  findings(use: DetectorUse): PartFinding[] {
    const key = keyOf(use);
    let found = this.#cache.get(key);
    if (found === undefined) {
      this.#parts ??= this.#texts();
      found = [];
      for (const part of this.#parts) {
        for (const finding of detectText(use.detector, part.text, use)) {
          if (this.#judged(finding)) found.push({ ...finding, path: part.path });
        }
      }
      this.#cache.set(key, found);
    }
    return found;
  }

  /** What the use found in the chunks before; undefined when nothing, or when the text is judged in one piece. */
  before(use: DetectorUse): TallyEntry | undefined {
    return this.soFar?.get(keyOf(use));
  }

  /** Adds what was found now to what was found before. */
  settle(): void {
    if (this.soFar) for (const [key, found] of this.#cache) this.soFar.add(key, found);
  }

  #judged(finding: Finding): boolean {
    const { window } = this;
    return window === undefined || (finding.start >= window.from && finding.start < window.until);
  }
}

function keyOf(use: DetectorUse): string {
  return `${use.detector}|${use.entities.join(',')}|${use.minScore}`;
}

/** The object that a condition with detectors reads: the call's fields, and lazy getters for the detectors. */
export function inlineContext(
  call: ModelCall,
  uses: Readonly<Record<string, DetectorUse>>,
  results: DetectorResults,
): object {
  const context: Record<string, unknown> = { ...call };
  for (const [name, use] of Object.entries(uses)) {
    Object.defineProperty(context, name, {
      enumerable: true,
      get: () => {
        const findings = results.findings(use);
        const before = results.before(use);
        return {
          count: findings.length + (before?.count ?? 0),
          maxScore: findings.reduce((max, finding) => Math.max(max, finding.score), before?.maxScore ?? 0),
          entities: [...new Set([...(before?.entities ?? []), ...findings.map(({ entity }) => entity)])].sort(),
        };
      },
    });
  }
  return context;
}
