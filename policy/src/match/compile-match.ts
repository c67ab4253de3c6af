import type { ModelCall } from '../call/model-call.js';
import type { Match } from '../document/types.js';

type Test = (value: string) => boolean;

/** Compiles globs (`*` only) into one test; null when the list matches everything. */
export function compileGlobs(globs: readonly string[]): Test | null {
  if (globs.length === 0 || globs.includes('*')) return null;
  const exact = new Set(globs.filter((glob) => !glob.includes('*')));
  const patterns = globs.filter((glob) => glob.includes('*')).map((glob) => glob.split('*'));
  if (patterns.length === 0) return (value) => exact.has(value);
  return (value) => exact.has(value) || patterns.some((pieces) => matchesPieces(pieces, value));
}

// Greedy left-to-right search of the fixed pieces: linear, where a regular expression from user text could backtrack.
function matchesPieces(pieces: readonly string[], value: string): boolean {
  const first = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  const end = value.length - last.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const found = value.indexOf(pieces[index]!, from);
    if (found < 0 || found + pieces[index]!.length > end) return false;
    from = found + pieces[index]!.length;
  }
  return true;
}

/** The keys of `match` and what each reads of a call. */
export const MATCH_FIELDS: readonly { readonly key: keyof Match; readonly read: (call: ModelCall) => string }[] = [
  { key: 'models', read: (call) => call.model.name },
  { key: 'services', read: (call) => call.service },
  { key: 'versions', read: (call) => call.model.version },
  { key: 'environments', read: (call) => call.environment },
  { key: 'tenants', read: (call) => call.tenant },
  { key: 'operations', read: (call) => call.operation },
  { key: 'featureViews', read: (call) => call.featureView.name },
];

/** Compiles a `match` block: AND of keys, OR inside a list, `*` globs, an empty list matches everything. */
export function compileMatch(match: Match): (call: ModelCall) => boolean {
  const tests: { read: (call: ModelCall) => string; test: Test }[] = [];
  for (const { key, read } of MATCH_FIELDS) {
    const test = compileGlobs(match[key]);
    if (test !== null) tests.push({ read, test });
  }
  return (call) => {
    for (const { read, test } of tests) if (!test(read(call))) return false;
    return true;
  };
}

/** True when the call matches; for one-off questions. Use {@link compileMatch} on a hot path. */
export function matchesCall(match: Match, call: ModelCall): boolean {
  return compileMatch(match)(call);
}
