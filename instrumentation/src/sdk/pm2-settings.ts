/**
 * In cluster mode pm2 hands the environment of an application to its worker as JSON in one variable, which it unpacks only after preloads ran. Unpacks what
 * configures OpenTelemetry and Guardspan now, as pm2 will in a moment. Does nothing elsewhere. Never throws.
 */
export function unpackPm2Settings(env: NodeJS.ProcessEnv): void {
  const packed = env['pm2_env'];
  if (packed === undefined) return;
  let settings: unknown;
  try {
    settings = JSON.parse(packed);
  } catch {
    return;
  }
  if (typeof settings !== 'object' || settings === null) return;
  for (const [name, value] of Object.entries(settings))
    if (/^(GUARDSPAN|OTEL)_/.test(name) && typeof value === 'string') env[name] = value;
}
