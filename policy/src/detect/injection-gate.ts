import type { Triples, UnitReader } from './vector/unit-reader.js';

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

/** A triple in 15 bits; upper and lower case are one. As the vector reader makes them ({@link Triples}). */
function triple(a: number, b: number, c: number): number {
  return ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
}

/** A piece and the place in it at which a triple stands. */
interface PieceAt {
  piece: string;
  offset: number;
}

/** By {@link triple}: which of {@link CANDIDATES} it is, from 1; 0 for any other one. */
const KNOWN = new Uint8Array(1 << 15);
const CANDIDATES: PieceAt[][] = [[]];
for (const piece of PIECES) {
  // A triple within the first six characters is seen, wherever the piece stands.
  for (let offset = 0; offset < STRIDE; offset++) {
    const key = triple(piece.charCodeAt(offset), piece.charCodeAt(offset + 1), piece.charCodeAt(offset + 2));
    KNOWN[key] ||= CANDIDATES.push([]) - 1;
    CANDIDATES[KNOWN[key]]!.push({ piece, offset });
  }
}

/** Any unit. */
const ALL = -1;

/** What may stand at a place of one of several pieces, by its five lowest bits. */
function anyOf(pieces: readonly PieceAt[], by: number): number {
  return pieces.reduce((set, { piece, offset }) => {
    const code = piece.charCodeAt(offset + by);
    return set | (Number.isNaN(code) ? ALL : 1 << (code & 31));
  }, 0);
}

/** The same for a vector reader. */
export const INJECTION_TRIPLES: Triples = {
  table: KNOWN,
  around: Int32Array.from(CANDIDATES.flatMap((pieces) => [anyOf(pieces, -1), anyOf(pieces, 3)])),
};

/**
 * True when a text of so many code units may hold a phrase of the detector of injections; false when it holds none. Looks at three of four characters once, and at
 * few places more: much cheaper than a search for the phrases. What stands behind `length` means nothing.
 */
export function mayInject(units: Uint16Array, length: number, reader: UnitReader | null): boolean {
  if (reader !== null) return mayInjectBy(reader, units, length);
  for (let at = 0; at + 2 < length; at += STRIDE) if (begins(units, length, at)) return true;
  return false;
}

/** {@link mayInject} with a reader of the units, which knows {@link INJECTION_TRIPLES}. */
function mayInjectBy(reader: UnitReader, units: Uint16Array, length: number): boolean {
  for (let at = reader.knownFrom(0, length - 2); at !== -1; at = reader.knownFrom(at + STRIDE, length - 2))
    if (begins(units, length, at)) return true;
  return false;
}

/** True when a piece stands where the triple at a place is a part of it. */
function begins(units: Uint16Array, length: number, at: number): boolean {
  const known = KNOWN[triple(units[at]!, units[at + 1]!, units[at + 2]!)]!;
  return known !== 0 && holds(units, length, at, CANDIDATES[known]!);
}

function holds(units: Uint16Array, length: number, at: number, candidates: readonly PieceAt[]): boolean {
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
