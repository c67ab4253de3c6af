/** Gives one object a member of its own in place of what it inherits, where listings of its properties do not show it. Returns how to undo it. */
export function replaceHidden<T extends object, K extends keyof T>(object: T, name: K, value: T[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });
  return () => {
    if (before) Object.defineProperty(object, name, before);
    else delete object[name];
  };
}
