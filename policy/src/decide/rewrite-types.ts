import type { RewriteAction } from '../document/types.js';
import type { ExternalFailure } from '../external/types.js';
import type { TextPart } from './types.js';

/** What one guard-rail rewrites: each of the parts by itself. */
export interface RewriteStep extends Pick<RewriteAction, 'with' | 'by'> {
  guardrail: string;
  onError: 'allow' | 'deny';
  /** As they were, before anything was redacted. */
  parts: readonly TextPart[];
}

/** A text that was rewritten: what now stands at the path, in whole. */
export interface TextRewrite {
  /** The last that changed it. */
  guardrail: string;
  path: string;
  text: string;
}

/** What a rewriter of the process is asked. `name` is looked up in the process's own configuration. */
export interface RewriteQuestion {
  name: string;
  /** Seconds for all parts together. */
  deadline: number;
  /** What redactions and earlier rewrites left. */
  parts: readonly Pick<TextPart, 'path' | 'role' | 'text'>[];
}

/** What came of a {@link RewriteQuestion}: a text for each part, undefined to leave it as it is; or why there is none. `message` holds no content. */
export type RewriteOutcome =
  | { readonly ok: true; readonly texts: readonly (string | undefined)[] }
  | { readonly ok: false; readonly failure: ExternalFailure; readonly message: string };
