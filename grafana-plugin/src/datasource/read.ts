import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import type { AuditRecord, Dispositions, Verdict } from '../api/answers';
import { evaluator } from '../api/client';
import { dispositionFrame } from '../components/dispositionFrame';
import { t } from '../i18n';
import { rowsOf } from '../pages/Guardrails/rows';
import { isAbout, isWanted, testOf, type Test, type Values } from './conditions';
import { revisionMarks, verdictMarks } from './frames/annotations';
import { coverageFrame, gapFrame } from './frames/coverage';
import { evidenceFrames } from './frames/evidence';
import { fleetFrame } from './frames/fleet';
import { guardrailFrame } from './frames/guardrails';
import { revisionFrame } from './frames/revisions';
import { seriesFrame } from './frames/series';
import { during, verdictFrame } from './frames/verdicts';
import type { GuardrailsQuery, Topic } from './query';
import type { Span } from './range';

/** Verdicts or records that one request may bring, and requests that one query may need. */
const PAGE = 1000;
const PAGES = 5;
/** Guard-rails whose dispositions one query adds up. */
const SUMMED = 50;

/** What a query asks for, with values in place of variables. */
export interface Asked {
  query: GuardrailsQuery;
  values: Values;
  span: Span;
  /** Seconds from epoch. */
  now: number;
  signal: AbortSignal;
}

const notice = (text: string): QueryResultMetaNotice => ({ severity: 'info', text });

const READERS: { [topic in Topic]: (asked: Asked) => Promise<DataFrame[]> } = {
  verdicts: async ({ query: { refId, active = false, annotation = false }, values, span, now, signal }) => {
    const wanted = await guardrailTest(values, signal);
    const { found, whole } = await verdictsOf(onlyName(values), active, span, signal);
    const verdicts = during(found, span).filter(
      ({ guardrail, series }) => wanted(guardrail) && isWanted(series, values),
    );
    const notices = whole
      ? []
      : [
          notice(
            t('datasource.newest-verdicts', 'Only the newest {{count}} verdicts were looked at.', {
              count: found.length,
            }),
          ),
        ];
    return [annotation ? verdictMarks(refId, verdicts, now) : verdictFrame(refId, verdicts, now, notices)];
  },

  dispositions: async ({ query: { refId }, values, span, now, signal }) => {
    const all = await dispositionsOf(values, signal);
    const frame = dispositionFrame(all, Math.min(now, span.to));
    // Half of the second slice may be older than what the evaluator keeps.
    const notices =
      span.from < all.since - all.step
        ? [
            notice(
              t(
                'datasource.hour',
                'The evaluator keeps an hour of them. Prometheus has longer ones: see the metrics in its documentation.',
              ),
            ),
          ]
        : [];
    const fields = frame.fields.map((field, index) => ({
      ...field,
      config: index === 0 ? field.config : { ...field.config, unit: 'short', displayNameFromDS: field.name },
    }));
    return [{ ...frame, refId, fields, meta: { preferredVisualisationType: 'graph', notices } }];
  },

  evidence: async ({ query: { refId }, values, span, signal }) => {
    const wanted = await guardrailTest(values, signal);
    const { items } = await evaluator.evidence(onlyName(values), signal);
    return evidenceFrames(
      refId,
      items.filter(({ guardrail, series }) => wanted(guardrail) && isWanted(series, values)),
      span,
    );
  },

  series: async ({ query: { refId }, values, signal }) => {
    const wanted = await guardrailTest(values, signal);
    const { items } = await evaluator.everySeries({ guardrail: onlyName(values) }, signal);
    return [
      seriesFrame(
        refId,
        items.filter(({ guardrail, series }) => wanted(guardrail) && isWanted(series, values)),
      ),
    ];
  },

  guardrails: async ({ query: { refId }, values, signal }) => {
    const [{ items: guardrails }, { items: series }] = await Promise.all([
      evaluator.guardrails(signal),
      evaluator.everySeries({ firing: true }, signal),
    ]);
    return [
      guardrailFrame(
        refId,
        rowsOf(guardrails, series).filter((row) => isAbout(row, values)),
      ),
    ];
  },

  revisions: async ({ query: { refId, annotation = false }, values, span, signal }) => {
    const wanted = await guardrailTest(values, signal);
    const { items } = await evaluator.audit(
      { kind: 'document', guardrail: onlyName(values), descending: true, limit: PAGE },
      signal,
    );
    const isMeant = ({ at, guardrail }: AuditRecord) =>
      guardrail !== '' && at >= span.from && at <= span.to && wanted(guardrail);
    const records = items.filter(isMeant);
    const notices =
      items.length === PAGE && items.at(-1)!.at > span.from
        ? [notice(t('datasource.newest-changes', 'Only the newest {{count}} changes were looked at.', { count: PAGE }))]
        : [];
    return [annotation ? revisionMarks(refId, records) : revisionFrame(refId, records, notices)];
  },

  coverage: async ({ query: { refId }, values, signal }) => {
    const { rows } = await evaluator.coverage(signal);
    return [
      coverageFrame(
        refId,
        rows.filter(({ service, model }) => isWanted({ service, model }, values)),
      ),
    ];
  },

  gaps: async ({ query: { refId }, values, signal }) => {
    const { gaps } = await evaluator.coverage(signal);
    return [
      gapFrame(
        refId,
        gaps.filter(({ service }) => isWanted({ service }, values)),
      ),
    ];
  },

  fleet: async ({ query: { refId }, values, signal }) => {
    const { items } = await evaluator.fleet(false, signal);
    return [
      fleetFrame(
        refId,
        items.filter(({ service }) => isWanted({ service }, values)),
      ),
    ];
  },
};

/** Reads the frames of a query. Rejects with `ApiFailure`. */
export function read(asked: Asked): Promise<DataFrame[]> {
  return READERS[asked.query.topic](asked);
}

/** The one guard-rail that is meant, for the evaluator to look for; undefined for several. */
function onlyName({ guardrail: [first, ...more] }: Values): string | undefined {
  return first === undefined || more.length > 0 || first.includes('*') ? undefined : first;
}

/** Owners stand in documents only: their guard-rails are looked up. */
async function guardrailTest({ guardrail, owner }: Values, signal: AbortSignal): Promise<Test> {
  const named = testOf(guardrail);
  if (owner.length === 0) {
    return named;
  }
  const { items } = await evaluator.guardrails(signal);
  const isOwner = testOf(owner);
  const owned = new Set(rowsOf(items, []).flatMap((row) => (isOwner(row.owner) ? [row.name] : [])));
  return (name) => named(name) && owned.has(name);
}

/** Verdicts of a span, newest first: those that began in it, those around them, and older ones that still hold. */
async function verdictsOf(
  guardrail: string | undefined,
  active: boolean,
  { from, to }: Span,
  signal: AbortSignal,
): Promise<{ found: Verdict[]; whole: boolean }> {
  const holding = (await evaluator.verdicts({ guardrail, active: true, limit: PAGE }, signal)).items;
  if (active) {
    return { found: holding, whole: holding.length < PAGE };
  }
  const found = new Map<string, Verdict>();
  // Just behind the end: the evaluator gives those that are older than a moment.
  let before = to + 0.001;
  let whole = false;
  for (let page = 0; page < PAGES && !whole; page += 1) {
    const { items } = await evaluator.verdicts({ guardrail, before, limit: PAGE }, signal);
    items.forEach((verdict) => found.set(verdict.id, verdict));
    const oldest = items.at(-1)?.firstAt ?? 0;
    whole = items.length < PAGE || oldest < from;
    before = oldest;
  }
  holding.forEach((verdict) => found.set(verdict.id, verdict));
  return { found: [...found.values()].sort((a, b) => b.firstAt - a.firstAt), whole };
}

/** What came of verdicts, added up over the guard-rails that are meant. Rejects when they are too many to ask for one by one. */
async function dispositionsOf(values: Values, signal: AbortSignal): Promise<Dispositions> {
  const only = onlyName(values);
  if (values.owner.length === 0 && (values.guardrail.length === 0 || only !== undefined)) {
    return evaluator.dispositions(only, signal);
  }
  const { items } = await evaluator.guardrails(signal);
  const names = rowsOf(items, []).flatMap(({ name, owner }) =>
    testOf(values.guardrail)(name) && testOf(values.owner)(owner) ? [name] : [],
  );
  if (names.length > SUMMED) {
    throw new Error(
      t(
        'datasource.too-many',
        'These are {{count}} guard-rails; dispositions are added up for {{most}} at most. Name fewer.',
        {
          count: names.length,
          most: SUMMED,
        },
      ),
    );
  }
  const all = await Promise.all(names.map((name) => evaluator.dispositions(name, signal)));
  const none = await (all[0] ?? evaluator.dispositions(undefined, signal));
  const slices = new Map<number, { [disposition: string]: number }>();
  for (const { start, counts } of all.flatMap((one) => one.items)) {
    const sum = slices.get(start) ?? {};
    Object.entries(counts).forEach(([name, count]) => (sum[name] = (sum[name] ?? 0) + count));
    slices.set(start, sum);
  }
  const summed = [...slices].sort(([a], [b]) => a - b).map(([start, counts]) => ({ start, calls: 0, counts }));
  return { ...none, items: summed };
}
