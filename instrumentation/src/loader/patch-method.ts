/** Marks our wrappers, so that the preload, `GuardspanInstrumentation` and a second copy of this package never wrap one method twice. */
const WRAPPED = Symbol.for('guardspan.wrapped.v1');

type Method = (this: never, ...args: never[]) => unknown;

/**
 * Replaces `owner[name]` by `wrap(original)`, keeping its name, length and property flags.
 * Returns how to undo it, or null when there is no such method or it is wrapped already.
 */
export function patchMethod<F extends Method>(
  owner: object,
  name: string,
  wrap: (original: F) => F,
): (() => void) | null {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = descriptor?.value;
  if (!descriptor || typeof original !== 'function' || WRAPPED in original) return null;
  const wrapper = wrap(original as F);
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  Object.defineProperty(wrapper, WRAPPED, { value: original });
  Object.defineProperty(owner, name, { ...descriptor, value: wrapper });
  return () => {
    if (Object.getOwnPropertyDescriptor(owner, name)?.value === wrapper) Object.defineProperty(owner, name, descriptor);
  };
}

/**
 * Watches a getter: `got` sees each value that it gives, before its reader does. Returns how to undo it, or null when there is no such getter or it is watched already.
 */
export function watchGetter(owner: object, name: string, got: (value: unknown) => void): (() => void) | null {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const original = descriptor?.get;
  if (!descriptor || original === undefined || WRAPPED in original) return null;
  const get = function (this: unknown): unknown {
    const value: unknown = original.call(this);
    got(value);
    return value;
  };
  Object.defineProperty(get, WRAPPED, { value: original });
  Object.defineProperty(owner, name, { ...descriptor, get });
  return () => {
    if (Object.getOwnPropertyDescriptor(owner, name)?.get === get) Object.defineProperty(owner, name, descriptor);
  };
}

/** True when `owner[name]` is one of our wrappers. */
export function isPatched(owner: object, name: string): boolean {
  const value: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
  return typeof value === 'function' && WRAPPED in value;
}
