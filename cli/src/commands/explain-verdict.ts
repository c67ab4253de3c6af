import { ApiClient } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import type { ServerFlags } from '../server-flags.js';

/** What is printed of an explanation of the API. */
interface Explanation {
  guardrail: string;
  series: { [field: string]: string };
  state: string;
  releasedAt?: number;
  summary: string;
  promise: { text: string };
  baseline?: { kind: string; limit: number; anchor: number; moved: number; budget: number; spent: boolean };
  firstOffendingBucket: number;
  groups: { stratum: string; group: string; calls: number; rate: number | null }[];
  causes: {
    kind: string;
    field: string;
    value: string;
    calls: number;
    after: number | null;
    before: number | null;
    score: number | null;
  }[];
  exampleTraceIds: string[];
  suppressed: number;
}

/** `guardspan explain --verdict ID`: what the evaluator knows about a verdict of a test. JSON holds all of it, with the counts to recompute it. */
export async function explainVerdict(
  id: string,
  options: ServerFlags & { format: 'text' | 'json' },
  io: CliIo,
): Promise<number> {
  const client = await ApiClient.create(options, io);
  const path = `/api/v1/verdicts/${encodeURIComponent(id)}/explanation`;
  const explanation = (await client.request('GET', path)).body as Explanation;
  io.out(options.format === 'json' ? `${JSON.stringify(explanation)}\n` : printed(explanation));
  return EXIT.OK;
}

function printed(explanation: Explanation): string {
  const { guardrail, series, state, summary, promise, firstOffendingBucket, groups, causes } = explanation;
  const named = Object.entries(series).map(([field, value]) => `${field}=${value}`);
  const { releasedAt = 0 } = explanation;
  const over = releasedAt > 0 ? `, released ${new Date(releasedAt * 1000).toISOString()}; when it fired:` : '';
  const parts = [`${guardrail} ${named.join(' ')} is ${state}${over}`, summary, promise.text];
  if (explanation.baseline !== undefined) parts.push(baselineText(explanation.baseline));
  if (firstOffendingBucket >= 0)
    parts.push(`The evidence grows from ${new Date(firstOffendingBucket * 1000).toISOString()} on.`);
  if (groups.length > 0) {
    const rows = groups.map((one) => [one.stratum, one.group, String(one.calls), number(one.rate)]);
    parts.push('', table(['STRATUM', 'GROUP', 'CALLS', 'RATE'], rows).trimEnd());
  }
  if (causes.length > 0) {
    const rows = causes
      .slice(0, 10)
      .map((one) => [
        one.kind,
        one.field,
        one.value,
        String(one.calls),
        number(one.after),
        number(one.before),
        number(one.score),
      ]);
    parts.push('', table(['CAUSE', 'FIELD', 'VALUE', 'CALLS', 'RATE', 'EXPECTED', 'NATS'], rows).trimEnd());
  }
  if (explanation.suppressed > 0)
    parts.push(`${explanation.suppressed} cell(s) with fewer than ten calls are not shown.`);
  if (explanation.exampleTraceIds.length > 0) parts.push(`Example traces: ${explanation.exampleTraceIds.join(', ')}`);
  return `${parts.join('\n')}\n`;
}

function baselineText({ kind, limit, anchor, moved, budget, spent }: NonNullable<Explanation['baseline']>): string {
  const allowed = `The ${kind === 'anchor' ? 'frozen' : kind} baseline allowed ${number(limit)} in the last bucket`;
  if (budget === 1) return `${allowed}.`;
  const state = spent ? '; its budget is spent, and it stands still' : '';
  return `${allowed}, the frozen one allows ${number(anchor)}: odds times ${number(moved)}, of ${number(budget)} at most${state}.`;
}

function number(value: number | null): string {
  return value === null ? '' : String(Math.round(value * 1000) / 1000);
}
