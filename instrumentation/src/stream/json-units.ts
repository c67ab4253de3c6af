/** One code unit of decoded text with the source that it came from. */
export interface JsonUnit {
  /** As it stands in the source: a character, or an escape such as `\u0040`. */
  raw: string;
  /** Inside a string literal (quotes do not belong to it). */
  inString: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Decodes JSON text that arrives in pieces, one code unit at a time: detectors see what an escaped string means (`jane\u0040example.com`), and
 * what they find can be traced to the source. Everything outside of strings stands for itself. Invalid escapes stand for themselves as well.
 */
export class JsonUnits {
  #inString = false;
  /** An escape that is not complete yet. */
  #escape = '';

  /** Adds a piece of the source; gives the decoded text, and appends a unit for each of its code units. */
  push(piece: string, units: JsonUnit[]): string {
    let text = '';
    const add = (unit: string, raw: string, inString: boolean): void => {
      text += unit;
      units.push({ raw, inString });
    };
    for (const char of piece.split('')) {
      if (this.#escape !== '') {
        this.#escape += char;
        const decoded = decode(this.#escape);
        if (decoded === undefined) continue;
        const raw = this.#escape;
        this.#escape = '';
        if (decoded === null) for (const each of raw.split('')) add(each, each, true);
        else add(decoded, raw, true);
      } else if (!this.#inString) {
        if (char === '"') this.#inString = true;
        add(char, char, false);
      } else if (char === '\\') {
        this.#escape = char;
      } else {
        if (char === '"') this.#inString = false;
        add(char, char, this.#inString);
      }
    }
    return text;
  }

  /** What is left of an escape at the end of the text. */
  finish(units: JsonUnit[]): string {
    const rest = this.#escape;
    this.#escape = '';
    for (const each of rest.split('')) units.push({ raw: each, inString: true });
    return rest;
  }
}

/** The code unit of a complete escape, null for an invalid one, undefined while it is not complete. */
function decode(escape: string): string | null | undefined {
  if (escape[1] !== 'u') return SIMPLE[escape[1]!] ?? ('"\\/'.includes(escape[1]!) ? escape[1]! : null);
  if (!/^[0-9A-Fa-f]*$/.test(escape.slice(2))) return null;
  return escape.length < 6 ? undefined : String.fromCharCode(parseInt(escape.slice(2), 16));
}
