type Node = { [key: string]: unknown };

/**
 * A copy of what was said or sent in which texts that hold one of the secrets, and are signed by their provider, are as the provider takes them once they were changed:
 * thoughts of Anthropic's models without their text, texts of Google's without their signature.
 */
export function asChanged<T>(value: T, secrets: readonly string[]): T {
  return changed(value, secrets) as T;
}

function changed(value: unknown, secrets: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => changed(each, secrets));
  if (typeof value !== 'object' || value === null) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each, secrets)])) as Node;
  const holds = (key: string): boolean => secrets.some((secret) => String(node[key]).includes(secret));
  if (node['signature'] !== undefined && 'thinking' in node && holds('thinking')) node['thinking'] = '';
  if (node['signature'] !== undefined && 'text' in node && holds('text')) node['text'] = '';
  if (node['thoughtSignature'] !== undefined && holds('text')) delete node['thoughtSignature'];
  return node;
}
