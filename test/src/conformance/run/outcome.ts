/** What one usage showed to the application, as JSON. */
export interface Outcome {
  /** What it read of streams, in order, also before an error. */
  seen: unknown;
  value?: unknown;
  /** What it caught: class, name, message, and the fields that applications look at. */
  thrown?: ThrownError;
}

/** An error as an application sees it. */
export interface ThrownError {
  class: string;
  name: string;
  message: string;
  status?: unknown;
  code?: unknown;
  retryAfter?: unknown;
  cause?: ThrownError;
}

const MAX_DEPTH = 12;

/**
 * A value as JSON with the names of its classes, so that an answer of another class or with other fields is another answer. `hide` are texts that differ from run to run.
 */
export function plain(value: unknown, hide: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return hide.reduce((text, each) => text.replaceAll(each, '<address>'), value);
  if (typeof value === 'function') return '<function>';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth > MAX_DEPTH) return '<deep>';
  if (Array.isArray(value)) return value.map((each) => plain(each, hide, depth + 1));
  if (value instanceof Uint8Array) return `<bytes ${Buffer.from(value).toString('base64')}>`;
  if (value instanceof Date) return value.toISOString();
  const fields: { [name: string]: unknown } = {};
  const { name } = (value.constructor as { name: string } | undefined) ?? { name: 'null' };
  if (name !== 'Object') fields['<class>'] = name;
  for (const [key, each] of Object.entries(value)) fields[key] = plain(each, hide, depth + 1);
  return fields;
}

/** What an application can see of an error. */
export function thrown(error: unknown, hide: readonly string[], depth = 0): ThrownError {
  if (typeof error !== 'object' || error === null) return { class: typeof error, name: '', message: String(error) };
  const { name, message, status, code, retryAfter, cause } = error as Error & { [field: string]: unknown };
  return {
    class: error.constructor.name,
    name,
    message: String(plain(message, hide)),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(retryAfter === undefined ? {} : { retryAfter: typeof retryAfter }),
    ...(cause === undefined || depth > 3 ? {} : { cause: thrown(cause, hide, depth + 1) }),
  };
}
