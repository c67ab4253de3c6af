/** The environment of this process without what configures OpenTelemetry, Guardspan or Node, so that only the test configures its children. */
export function cleanEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OTEL_|GUARDSPAN_|NODE_OPTIONS$|VITEST)/.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}
