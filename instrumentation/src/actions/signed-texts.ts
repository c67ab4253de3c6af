type Node = { [key: string]: unknown };

/** Steps below which stands what a tool is given or gave back, whatever shape that has. */
const OF_TOOLS: ReadonlySet<string> = new Set(['input', 'args', 'arguments', 'parameters', 'toolResult', 'response']);

function isSigned(node: Node, field = 'signature'): boolean {
  return typeof node[field] === 'string' && node[field] !== '';
}

/**
 * After the text at a path was changed: leaves no signature of its provider beside a text that is another now, because the provider refuses both in the next turn.
 * `nodes` are the objects along the path, whose steps are `steps`; all must be ours to change.
 *
 * Thoughts of Anthropic's models, by whichever API, keep their signature and lose their text: that is the form in which the API itself sends thoughts it does not
 * show, and the thought is inside of the signature. Google's and Mistral's models take texts without a signature.
 */
export function settleSignature(nodes: readonly unknown[], steps: readonly string[]): void {
  if (steps.slice(1, -1).some((step) => OF_TOOLS.has(step))) return;
  const key = steps.at(-1)!;
  const holder = nodes.at(-1) as Node;
  if (key === 'thinking' && holder['type'] === 'thinking' && isSigned(holder)) holder['thinking'] = '';
  if (key !== 'text') return;
  if (steps.at(-2) === 'reasoningText' && isSigned(holder)) holder['text'] = '';
  if (isSigned(holder, 'thoughtSignature')) delete holder['thoughtSignature'];
  // The chunk that holds a list of thoughts.
  const chunk = steps.at(-3) === 'thinking' ? (nodes.at(-3) as Node) : undefined;
  if (chunk?.['type'] === 'thinking' && isSigned(chunk)) delete chunk['signature'];
}
