import type { Failure } from '../decide/types.js';
import type { RegoInput } from '../rego/types.js';
import type { TextPart } from '../decide/types.js';
import type { JsonEdit } from '../detect/json-edits.js';

/** When a check outside of this process is asked: `before` the model call is sent, or `beside` it; then the answer is held and the prompt has left. */
export const CHECK_POSITIONS = ['before', 'beside'] as const;
/** One of {@link CHECK_POSITIONS}. */
export type CheckPosition = (typeof CHECK_POSITIONS)[number];

/** What a detector outside of this process found in one part of a text. Offsets are UTF-16 code units, `end` exclusive. */
export interface ExternalFinding {
  /** {@link TextPart.path} of the part; empty for a finding about the whole text, which has no place and cannot be redacted. */
  path: string;
  entity: string;
  start: number;
  end: number;
  /** 0..1 */
  score: number;
}

/** A finding as a decision takes it. */
export interface PlacedFinding extends ExternalFinding {
  /** Present in JSON: makes the edits of the part that put a replacement in the finding's place and leave the JSON valid. */
  edits?: (replacement: string) => JsonEdit[];
}

/** What a detector outside of this process is asked. `name` is looked up in the process's own configuration. */
export interface DetectorQuestion {
  kind: 'detector';
  name: string;
  /** Entities to look for; empty means all that it knows. */
  entities: readonly string[];
  minScore: number;
  parts: readonly TextPart[];
}

/** What a policy engine outside of this process is asked. `name` is looked up in the process's own configuration. */
export interface RegoQuestion {
  kind: 'rego';
  name: string;
  /** Package, with slashes. */
  path: string;
  input: RegoInput;
}

/** Every kind of question that can be asked outside of this process. */
export type ExternalQuestion = DetectorQuestion | RegoQuestion;

/** One thing that has to be asked before a decision. Checks with the same key ask the same. */
export interface ExternalCheck {
  key: string;
  position: CheckPosition;
  /** Seconds; what has not answered by then counts as `deadline`. */
  deadline: number;
  question: ExternalQuestion;
}

/** Why a check gave no answer; rows of the failure table. */
export type ExternalFailure = Extract<Failure, 'detector_error' | 'deadline' | 'saturated'>;

/** What came of a check: findings of a detector, the JSON value of a policy's package (`value`), or why there is neither. `message` holds no content. */
export type ExternalOutcome =
  | { readonly ok: true; readonly findings: readonly PlacedFinding[]; readonly value?: unknown }
  | { readonly ok: false; readonly failure: ExternalFailure; readonly message: string };

/** Outcomes by {@link ExternalCheck.key}. */
export type ExternalOutcomes = ReadonlyMap<string, ExternalOutcome>;
