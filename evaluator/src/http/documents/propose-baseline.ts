import { setImmediate } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { formatDocuments } from '@guardspan/policy';
import { decodeCells } from '../../count/cells/cell-codec.js';
import { isBaselined, NextBaseline } from '../../evidence/next-baseline.js';
import type { DocumentVersion } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { ApiDeps } from '../deps.js';

/** What a proposal of a new baseline asks for. */
export interface BaselineRequest {
  name: string;
  /** `groupBy` field to value; may be empty when there is one series. */
  series: { [field: string]: string };
  /** Seconds from epoch: buckets that begin from `from` on and before `to`. */
  from: number;
  to: number;
}

/** A document with a new baseline, which nobody has approved yet. */
export interface ProposedBaseline {
  /** The document as it would be, comments kept. */
  source: string;
  baseline: { [key: string]: unknown };
  document: DocumentVersion<'Guardrail'>;
  /** Plain sentences. */
  warnings: string[];
}

/** Buckets that are read and merged in one go, so that no proposal holds the event loop. */
const PAGE = 200;
/** Below so many calls the reference itself makes the test slow. */
const ENOUGH = 500;

/**
 * Counts the closed buckets of a series into the baseline that could replace that of its guard-rail. It changes nothing: what it returns has to be published, and approved.
 * @throws ApiError when there is no such guard-rail, test, series or call
 */
export async function proposeBaseline(
  { documents, engine, store, clock }: Pick<ApiDeps, 'documents' | 'engine' | 'store' | 'clock'>,
  { name, series: wanted, from, to }: BaselineRequest,
): Promise<ProposedBaseline> {
  const document = documents.get({ kind: 'Guardrail', name });
  if (document === undefined)
    throw new ApiError(404, 'GUARDSPAN_NOT_FOUND', `There is no guard-rail ${name}.`, 'List what is there first.');
  const over = document.normal.spec.over;
  const test = over?.evidence?.test;
  if (over === null || test === undefined || !isBaselined(test))
    throw new ApiError(
      409,
      'GUARDSPAN_NO_BASELINE',
      `${name} has no test with a frozen baseline.`,
      'Make the first one with `guardspan baseline create`, and publish it with the document.',
    );
  const series = oneSeries(engine, name, wanted);
  const key = JSON.stringify(over.groupBy.map((field) => series[field] ?? ''));
  const next = new NextBaseline(test);
  // Open buckets are still counted into.
  const until = Math.min(to, clock() - over.bucket - over.settle);
  let [first, last] = [Infinity, -Infinity];
  for (let after = from, more = true; more;) {
    const rows = await store.closedBuckets({
      revision: document.revision,
      series: key,
      from: after,
      to: until,
      limit: PAGE,
    });
    for (const { bucket, totals } of rows) {
      const cells = decodeCells(totals);
      if (cells === undefined) continue;
      next.add(bucket, cells);
      [first, last] = [Math.min(first, bucket), Math.max(last, bucket + over.bucket)];
    }
    more = rows.length === PAGE;
    after = (rows.at(-1)?.bucket ?? to) + over.bucket / 2;
    await setImmediate();
  }
  if (next.calls === 0)
    throw new ApiError(
      409,
      'GUARDSPAN_NO_BASELINE',
      `No closed bucket of this revision of ${name} lies in that time.`,
      'Take a longer time, or make the baseline from recorded calls with `guardspan baseline create`.',
    );
  const { model, version, featureView } = test.baseline;
  const baseline = next.block({
    model: series['model'] ?? model,
    version: version === '' ? '' : (series['model_version'] ?? version),
    featureView: featureView === '' ? '' : (series['feature_view'] ?? featureView),
    from: first,
    to: last,
  });
  const text = parseDocument(document.source);
  text.setIn(['spec', 'over', 'test', test.type, 'baseline'], baseline);
  const warnings =
    next.calls < ENOUGH ? [`${next.calls} calls are few: the test will be slow. Take a longer time.`] : [];
  return { source: formatDocuments(text.toString()), baseline, document, warnings };
}

function oneSeries(
  engine: ApiDeps['engine'],
  name: string,
  wanted: { [field: string]: string },
): { [field: string]: string } {
  const fitting = engine
    .series(name)
    .map(({ series }) => series)
    .filter((series) => Object.entries(wanted).every(([field, value]) => series[field] === value));
  if (fitting.length === 1) return fitting[0]!;
  const shown = fitting.slice(0, 5).map((series) => JSON.stringify(series));
  throw new ApiError(
    409,
    'GUARDSPAN_NO_BASELINE',
    fitting.length === 0 ? `${name} has no such series.` : `${fitting.length} series fit: ${shown.join(', ')}.`,
    'A baseline is made from one series: name it with `series`.',
  );
}
