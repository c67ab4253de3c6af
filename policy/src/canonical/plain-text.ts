/** What a terminal, a pager or a log would obey instead of showing it: control characters, separators of lines, and marks that turn the direction of a text. */
const OBEYED = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const NAMES: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return NAMES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A text of somebody else for a person to read: line breaks and tabs stay, whatever else would be obeyed is written out (`\u001b`). */
export function plainText(text: string): string {
  return text.replace(OBEYED, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/**
 * A text of somebody else inside of a sentence: nothing in it begins a line or is obeyed.
 *
 * @param max Characters at most; a longer text is cut, which `…` says.
 */
export function oneLine(text: string, max = Infinity): string {
  const line = text.replace(OBEYED, escaped);
  return line.length <= max ? line : `${line.slice(0, Math.max(0, max - 1))}…`;
}
