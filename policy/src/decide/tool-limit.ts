import type { Action } from '../document/types.js';
import { compileGlobs } from '../match/compile-match.js';
import type { TextPart } from './types.js';

/** Tools to whose arguments a redaction is limited. */
export interface ToolLimit {
  /** Equal for limits to the same tools. */
  readonly key: string;
  /** True for what a tool of these is given. A call whose tool is not known may be of any. */
  covers(part: TextPart): boolean;
}

/** The limit of what an action looks for, by the name of the use of a detector: only what is redacted is limited. */
export type LimitOf = (use: string) => ToolLimit | undefined;

const NO_LIMIT: LimitOf = () => undefined;

/** What `action.redact.tools` limits. */
export function toolLimitOf(action: Action): LimitOf {
  if (action.type !== 'redact' || action.tools === undefined) return NO_LIMIT;
  const names = compileGlobs(action.tools);
  const limit: ToolLimit = {
    key: JSON.stringify(action.tools),
    covers: ({ tool }) => tool !== undefined && (tool === '' || names === null || names(tool)),
  };
  const limited = new Set(action.detections);
  return (use) => (limited.has(use) ? limit : undefined);
}
