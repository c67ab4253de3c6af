/**
 * Pieces of six characters or more, lower case, of which one at least is in every phrase of the detector of injections, whatever stands in its gaps. A space
 * that the phrase always has belongs to the piece.
 */
const PIECES = [
  'instruc',
  'istruzi',
  'prompt',
  ' rules',
  'guideline',
  'directi',
  'constraint',
  ' message',
  ' are now ',
  'from now ',
  'pretend ',
  'act as ',
  'developer mode',
  'debug mode',
  'god mode',
  'dan mode',
  'jailbreak mode',
  'restriction',
  ' policy',
  'moderation',
  'do not ',
  'anweisung',
  ' regeln',
  'vorgaben',
  'consigne',
  ' règles',
  ' reglas',
  'indicaci',
  ' regole',
  '<|im_start',
  '<|im_end',
  '<|system',
  '<|endoftext',
  '[inst]',
  '[/inst]',
  '<<sys>>',
  '<</sys>>',
];

/** Any six characters hold one of the triples that begin at every fourth place. */
const STRIDE = 4;

/** A triple in 15 bits; upper and lower case are one. */
function triple(a: number, b: number, c: number): number {
  return ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
}

const KNOWN = new Uint8Array(1 << 15);
const CANDIDATES = new Map<number, { piece: string; offset: number }[]>();
for (const piece of PIECES) {
  // A triple within the first six characters is seen, wherever the piece stands.
  for (let offset = 0; offset < STRIDE; offset++) {
    const key = triple(piece.charCodeAt(offset), piece.charCodeAt(offset + 1), piece.charCodeAt(offset + 2));
    KNOWN[key] = 1;
    CANDIDATES.set(key, [...(CANDIDATES.get(key) ?? []), { piece, offset }]);
  }
}

/**
 * True when a text of so many code units may hold a phrase of the detector of injections; false when it holds none. Looks at three of four characters once, and at
 * few places more: much cheaper than a search for the phrases. What stands behind `length` means nothing.
 */
export function mayInject(units: Uint16Array, length: number): boolean {
  for (let at = 0; at + 2 < length; at += STRIDE) {
    const key = triple(units[at]!, units[at + 1]!, units[at + 2]!);
    if (KNOWN[key] === 1 && holds(units, length, at, CANDIDATES.get(key)!)) return true;
  }
  return false;
}

function holds(
  units: Uint16Array,
  length: number,
  at: number,
  candidates: readonly { piece: string; offset: number }[],
): boolean {
  for (const { piece, offset } of candidates) if (stands(piece, units, length, at - offset)) return true;
  return false;
}

/** True when a piece stands at a place of a text, in any case of ASCII letters. */
function stands(piece: string, units: Uint16Array, length: number, at: number): boolean {
  if (at < 0 || at + piece.length > length) return false;
  for (let index = 0; index < piece.length; index++) {
    const code = units[at + index]!;
    if ((code >= 65 && code <= 90 ? code | 32 : code) !== piece.charCodeAt(index)) return false;
  }
  return true;
}
