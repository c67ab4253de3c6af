import type { Metadata } from '../types.js';

/** Checks by which a pack confirms or refutes a match. */
export const PACK_VALIDATORS = ['luhn', 'mod97', 'mod11_10', 'verhoeff'] as const;
/** One of {@link PACK_VALIDATORS}. */
export type PackValidator = (typeof PACK_VALIDATORS)[number];

/** What a pack looks for under one name: exactly one of `words`, `canaries` and `pattern`. */
export interface PackEntity {
  /** Whole words or phrases, as they stand. */
  words?: string[];
  /** Secrets that were planted to be found: found anywhere, also inside of words. */
  canaries?: string[];
  /** Linear-time subset of regular expressions. */
  pattern?: string;
  /** Only beside `words` and `pattern`; canaries are always taken as they stand. */
  caseSensitive: boolean;
  /** Score of a match that nothing confirms, 0..1. */
  score: number;
  /** Longest match in UTF-16 code units. */
  maxLength: number;
  /** Words before a match, at most 64 characters away, that speak for it, and the score that they give. Lower case. */
  context?: { words: string[]; score: number };
  /** A match that fails is none; one that passes has score 1. */
  validator?: PackValidator;
}

/** `kind: DetectorPack` in normal form. */
export interface DetectorPack {
  apiVersion: string;
  kind: 'DetectorPack';
  metadata: Metadata;
  spec: {
    description: string;
    /** Keys in order. */
    entities: { [entity: string]: PackEntity };
  };
}

/** What of a pack a process needs, as it travels with each use of it. */
export interface BoundPack {
  /** Of the pack document. */
  revision: string;
  entities: { [entity: string]: PackEntity };
}

/** Begins the name of a detector that is a pack document: `pack/<name>`. */
export const PACK_PREFIX = 'pack/';
