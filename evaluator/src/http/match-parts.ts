/** Parameters of a path by name when it fits a pattern, both split at the slashes, e.g. `{name}`; else undefined. */
export function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): { [name: string]: string } | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: { [name: string]: string } = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]!;
    if (!expected.startsWith('{')) {
      if (expected !== part) return undefined;
      continue;
    }
    try {
      params[expected.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return undefined;
    }
    if (part === '') return undefined;
  }
  return params;
}
