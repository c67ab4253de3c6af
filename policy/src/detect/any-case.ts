/** A pattern that matches letters of both cases: those outside of classes and escapes become classes. The linear subset that streams follow has no flags. */
export function anyCase(pattern: string): string {
  return pattern.replace(/\\.|\[[^\]]*\]|[a-z]/g, (part) =>
    part.length === 1 ? `[${part.toUpperCase()}${part}]` : part,
  );
}
