/** One code unit of decoded text with the source that it came from. */
export interface JsonUnit {
  /** As it stands in the source: a character, or an escape such as `\u0040`. */
  raw: string;
  /** Inside a string literal (quotes do not belong to it). */
  inString: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
/** Backslashes before the `u` of an escape that is an escape in JSON inside of a string: three levels have seven. */
const MAX_BACKSLASHES = 16;
const HEX = /^[0-9A-Fa-f]$/;

/**
 * Decodes JSON text that arrives in pieces, one code unit at a time: detectors see what an escaped string means (`jane\u0040example.com`), also in JSON that is
 * itself a string (`jane\\u0040example.com`), and what they find can be traced to the source. Everything outside of strings stands for itself. Invalid escapes
 * stand for themselves as well.
 */
export class JsonUnits {
  #inString = false;
  /** An escape that is not complete yet. */
  #escape = '';
  /** Sources of the code units of an escape of nested JSON that is not complete yet: backslashes, `u`, and digits behind it. */
  #nested: string[] = [];
  /** The digits of it; null as long as there is no `u`. */
  #digits: string | null = null;
  #text = '';
  #units: JsonUnit[] = [];

  /** Adds a piece of the source; gives the decoded text, and appends a unit for each of its code units. */
  push(piece: string, units: JsonUnit[]): string {
    this.#text = '';
    this.#units = units;
    for (const char of piece.split('')) {
      if (this.#escape !== '') this.#escaped(char);
      else if (!this.#inString) {
        if (char === '"') this.#inString = true;
        this.#add(char, char, false);
      } else if (char === '\\') {
        this.#escape = char;
      } else if (char === '"') {
        this.#flush();
        this.#inString = false;
        this.#add(char, char, false);
      } else {
        this.#decoded(char, char);
      }
    }
    return this.#text;
  }

  /** What is left of an escape at the end of the text. */
  finish(units: JsonUnit[]): string {
    this.#text = '';
    this.#units = units;
    this.#flush();
    for (const each of this.#escape.split('')) this.#add(each, each, true);
    this.#escape = '';
    return this.#text;
  }

  #add(unit: string, raw: string, inString: boolean): void {
    this.#text += unit;
    this.#units.push({ raw, inString });
  }

  #escaped(char: string): void {
    this.#escape += char;
    const unit = decode(this.#escape);
    if (unit === undefined) return;
    const raw = this.#escape;
    this.#escape = '';
    if (unit !== null) return this.#decoded(unit, raw);
    this.#flush();
    for (const each of raw.split('')) this.#add(each, each, true);
  }

  /** A code unit of a string, which may be part of an escape in nested JSON. */
  #decoded(unit: string, raw: string): void {
    if (this.#digits !== null && HEX.test(unit)) {
      this.#nested.push(raw);
      this.#digits += unit;
      if (this.#digits.length < 4) return;
      const [code, source] = [parseInt(this.#digits, 16), this.#nested.join('')];
      this.#nested = [];
      this.#digits = null;
      return this.#add(String.fromCharCode(code), source, true);
    }
    if (this.#digits === null && this.#nested.length > 0 && unit === 'u') {
      this.#nested.push(raw);
      this.#digits = '';
      return;
    }
    if (unit !== '\\' || this.#digits !== null || this.#nested.length >= MAX_BACKSLASHES) this.#flush();
    if (unit === '\\') this.#nested.push(raw);
    else this.#add(unit, raw, true);
  }

  /** What looked like an escape of nested JSON is none. */
  #flush(): void {
    const text = this.#digits === null ? '' : `u${this.#digits}`;
    const backslashes = this.#nested.length - text.length;
    this.#nested.forEach((raw, index) => this.#add(index < backslashes ? '\\' : text[index - backslashes]!, raw, true));
    this.#nested = [];
    this.#digits = null;
  }
}

/** The code unit of a complete escape, null for an invalid one, undefined while it is not complete. */
function decode(escape: string): string | null | undefined {
  if (escape[1] !== 'u') return SIMPLE[escape[1]!] ?? ('"\\/'.includes(escape[1]!) ? escape[1]! : null);
  if (!/^[0-9A-Fa-f]*$/.test(escape.slice(2))) return null;
  return escape.length < 6 ? undefined : String.fromCharCode(parseInt(escape.slice(2), 16));
}
