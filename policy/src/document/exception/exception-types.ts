import type { Match, Metadata } from '../types.js';

/**
 * `kind: GuardrailException` in normal form: for a while, some calls are exempt from some guard-rails. Someone answers for it, says why, and it ends by itself.
 */
export interface GuardrailException {
  apiVersion: string;
  kind: 'GuardrailException';
  metadata: Metadata;
  spec: {
    /** Who answers for it: a person or a team. */
    owner: string;
    /** A plain sentence for people. */
    reason: string;
    /** Seconds from epoch. Calls that start then or later are not exempt. */
    expires: number;
    /** Names of guard-rails, sorted. */
    guardrails: string[];
    /** Which calls. */
    match: Match;
    /** CEL bool on fields of the request; calls for which it is false, or cannot be evaluated, are not exempt. Absent: true. */
    where?: string;
    /** Present when nobody may bring it into force, or change it, alone. */
    approval?: 'required';
  };
}

/** What of an exception a process needs, as it travels with its guard-rail. */
export interface BoundException {
  name: string;
  /** Of the exception document. */
  revision: string;
  expires: number;
  match: Match;
  where?: string;
}
