import { READ_UNITS } from './read-units-module.js';
import { copiesTexts, fromBase64 } from './unit-writer.js';

/** What read-units.wat exports. */
interface Exports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  largest(at: number, end: number): number;
  places(at: number, end: number, index: number): number;
  known(at: number, end: number): number;
}
/** Of every engine of JavaScript with WebAssembly; the vector instructions are older than Node.js 18. */
declare const WebAssembly:
  | {
      Module: new (code: Uint8Array) => object;
      Instance: new (module: object) => { exports: unknown };
    }
  | undefined;

const PAGE = 65_536;
const SETS_AT = 28_672;
const TABLE_AT = 32_768;
const UNITS_AT = 65_536;
/** Zeros behind the last unit of a text that the module may read. */
const READ_BEYOND = 16;
/** Units of one {@link UnitReader.findPlaces}: their places fit in front of the tables. */
export const PLACES = 4096;

/** Triples of units, each known by the five lowest bits of every unit. */
export interface Triples {
  /** 2^15 bytes: for fifteen bits, those of the first unit at the top, which triple it is (1 to 255), or 0. */
  readonly table: Uint8Array;
  /** Two for each triple, from 0: the five lowest bits of what may stand right before it and right behind it, as sets of 32 bits. */
  readonly around: Int32Array;
}

let module: object | null | undefined;
let wanted = true;

/** Whether detectors read texts with vector instructions where the machine has them (they do), for tests and benchmarks of the other way. Findings are the same. */
export function readWithVectors(on: boolean): void {
  wanted = on;
}

function moduleOnce(): object | null {
  if (module !== undefined) return module;
  try {
    module =
      typeof WebAssembly === 'undefined' || !copiesTexts() ? null : new WebAssembly.Module(fromBase64(READ_UNITS));
  } catch {
    // An engine without vector instructions, or one that may not compile.
    module = null;
  }
  return module;
}

/**
 * The code units of one text at a time in memory of a WebAssembly module, which looks at sixteen of them at once (128-bit SIMD): a few instructions for what
 * takes a loop of JavaScript one or two nanoseconds for each character.
 */
export class UnitReader {
  readonly #exports: Exports;
  /** Room for the units of a text; another array after {@link grow}. */
  units!: Uint16Array;
  /** Indices that {@link findPlaces} found; valid until the next call. */
  places!: Uint32Array;

  private constructor(exports: Exports, triples: Triples) {
    this.#exports = exports;
    const { buffer } = exports.memory;
    new Uint8Array(buffer, TABLE_AT, triples.table.length).set(triples.table);
    new Int32Array(buffer, SETS_AT, triples.around.length).set(triples.around);
    this.#view();
  }

  /** Null where the machine, the engine or its settings have no way to do it. */
  static make(triples: Triples): UnitReader | null {
    const made = wanted ? moduleOnce() : null;
    if (made === null) return null;
    try {
      return new UnitReader(new WebAssembly!.Instance(made).exports as Exports, triples);
    } catch {
      return null;
    }
  }

  /** Makes room for so many units and the zeros behind them. @throws RangeError when there is no memory left */
  grow(count: number): void {
    const bytes = UNITS_AT + 2 * (count + READ_BEYOND) - this.#exports.memory.buffer.byteLength;
    if (bytes > 0) this.#exports.memory.grow(Math.ceil(bytes / PAGE));
    this.#view();
  }

  /** The largest of the first so many units. */
  largest(count: number): number {
    return this.#exports.largest(UNITS_AT, UNITS_AT + 2 * count);
  }

  /**
   * Finds each `-`, `:`, `@` and `_`, and each first digit of several, among at most {@link PLACES} units. @param from A multiple of 16.
   * @returns how many; {@link places} has their indices in order.
   */
  findPlaces(from: number, to: number): number {
    return this.#exports.places(UNITS_AT + 2 * from, UNITS_AT + 2 * to, from);
  }

  /** The first place of those from `from` on, in steps of four, at which one of the triples may stand with what may be around it; -1 without any. */
  knownFrom(from: number, to: number): number {
    const at = this.#exports.known(UNITS_AT + 2 * from, UNITS_AT + 2 * to);
    return at === -1 ? -1 : (at - UNITS_AT) >> 1;
  }

  #view(): void {
    const { buffer } = this.#exports.memory;
    this.units = new Uint16Array(buffer, UNITS_AT);
    this.places = new Uint32Array(buffer, 0, PLACES);
  }
}
