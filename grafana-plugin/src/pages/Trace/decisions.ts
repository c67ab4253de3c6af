import { z } from 'zod';
import type { AuditRecord } from '../../api/answers';

/** What a verdict of a decision says. */
export interface DecidedVerdict {
  guardrail: string;
  outcome: string;
  message: string;
  disposition: string;
}

/** A decision about one call, as the audit has it. */
export interface Decision {
  seq: number;
  /** Seconds from epoch. */
  at: number;
  /** The process that decided. */
  process: string;
  model: string;
  action: string;
  disposition: string;
  /** Where the call went instead; empty when it did not. */
  rerouteTo: string;
  verdicts: readonly DecidedVerdict[];
}

/** A record of another version shows less. */
const body = z.looseObject({
  model: z.string().catch(''),
  action: z.string().catch(''),
  disposition: z.string().catch(''),
  rerouteTo: z.string().catch(''),
  verdicts: z
    .array(
      z.looseObject({
        guardrail: z.string().catch(''),
        outcome: z.string().catch(''),
        message: z.string().catch(''),
        disposition: z.string().catch(''),
      }),
    )
    .catch([]),
});

/** The decisions among the records of a trace, oldest first. */
export function decisionsOf(records: readonly AuditRecord[]): Decision[] {
  return records
    .filter(({ kind }) => kind === 'decision')
    .flatMap(({ seq, at, actor, body: raw }) => {
      const read = body.safeParse(raw).data;
      return read === undefined
        ? []
        : [
            {
              ...{
                seq,
                at,
                process: actor.replace(/^agent:/, ''),
                model: read.model,
                action: read.action,
                disposition: read.disposition,
              },
              rerouteTo: read.rerouteTo,
              verdicts: read.verdicts,
            },
          ];
    })
    .sort((a, b) => a.at - b.at);
}
