import { canonicalJson, seriesMode } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { SeriesView, Transition } from '../engine/types.js';
import { firingAnnotations, stormAnnotations, waitingAnnotations } from './alert-annotations.js';
import type { AlertLinks, WaitingAction } from './alert-annotations.js';
import { firingLabels, stormLabels } from './alert-identity.js';
import type { AlertRow } from './types.js';

/** Values of a series by field. */
type Series = { [field: string]: string };

/** Options of {@link AlertBook}. Times in seconds. */
export interface AlertBookOptions {
  /** How long nothing may violate a guard-rail before its alert ends: what comes back earlier is the same incident. */
  hold: number;
  /** How long the end of an alert is repeated. */
  linger: number;
  /** Alerts that guard-rails of one owner and severity may have at a time; further ones are folded into one. 0 for no bound. */
  budget: number;
  links: AlertLinks;
  /** The guard-rail in force of this name. */
  guardrail: (name: string) => RevisedGuardrail | undefined;
  /** Actions of a guard-rail that wait for a person. Default: none. */
  waiting?: (guardrail: string) => readonly WaitingAction[];
}

/** What must be stored and what may be forgotten since the last call. */
export interface AlertChanges {
  put: AlertRow[];
  remove: string[];
}

/**
 * Which alerts exist: one for each guard-rail in mode warn or enforce with a series that fires or probes, and one for each owner and severity whose budget
 * is used up. Pure: no clock, no transport.
 */
export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #rows = new Map<string, AlertRow>();
  /** Guard-rail to the series that fire, by canonical JSON. */
  readonly #firing = new Map<string, Map<string, Series>>();
  readonly #put = new Set<string>();
  readonly #removed = new Set<string>();

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  /** Takes over what an earlier start left, and what fires now. */
  restore(rows: readonly AlertRow[], series: readonly SeriesView[], now: number): void {
    for (const row of rows) this.#rows.set(row.key, row);
    for (const { guardrail, state, series: values } of series)
      if (state === 'firing' || state === 'probing') this.#seriesOf(guardrail).set(canonicalJson(values), values);
    for (const name of new Set([...this.#firing.keys(), ...this.#open().map(({ guardrail }) => guardrail)]))
      this.#judge(name, now, '');
  }

  /** Feed it every transition of the engine. */
  onTransition(transition: Transition): void {
    const { guardrail, series, to } = transition;
    const firing = this.#seriesOf(guardrail);
    const key = canonicalJson(series);
    const before = firing.size;
    if (to === 'firing' || to === 'probing') firing.set(key, series);
    else firing.delete(key);
    if (firing.size !== before) this.#judge(guardrail, transition.at, transition.exampleTraceIds.at(-1) ?? '');
  }

  /** Looks again at guard-rails whose documents may have changed. */
  published(now: number): void {
    for (const name of new Set([...this.#firing.keys(), ...this.#open().map(({ guardrail }) => guardrail)]))
      this.#judge(name, now, '');
  }

  /** Ends what has been quiet for long enough, and forgets what ended long ago. */
  tick(now: number): void {
    for (const row of this.#rows.values()) {
      if (row.endedAt === 0 && row.quietSince > 0 && now - row.quietSince >= this.#options.hold) this.#end(row, now);
      else if (row.endedAt > 0 && now - row.endedAt >= this.#options.linger) this.#forget(row);
    }
  }

  /** Leaves an alert to the Prometheus rule, until it has ended there too. */
  leaveToRule(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined || row.leftToRule) return;
    row.leftToRule = true;
    this.#put.add(key);
  }

  /** Alerts that are sent: those which are not folded. */
  alerts(): AlertRow[] {
    return [...this.#rows.values()].filter(({ foldedInto }) => foldedInto === '');
  }

  /** All alerts, folded ones too. */
  all(): AlertRow[] {
    return [...this.#rows.values()];
  }

  /** What changed since the last call. */
  takeChanges(): AlertChanges {
    const put = [...this.#put].flatMap((key) => this.#rows.get(key) ?? []);
    const remove = [...this.#removed].filter((key) => !this.#rows.has(key));
    this.#put.clear();
    this.#removed.clear();
    return { put: put.map((row) => ({ ...row })), remove };
  }

  #seriesOf(guardrail: string): Map<string, Series> {
    let found = this.#firing.get(guardrail);
    if (found === undefined) this.#firing.set(guardrail, (found = new Map()));
    return found;
  }

  /** Rows of guard-rails that have not ended. */
  #open(): AlertRow[] {
    return [...this.#rows.values()].filter(({ guardrail, endedAt }) => guardrail !== '' && endedAt === 0);
  }

  /** Brings the alert of a guard-rail in line with what fires and with its document. */
  #judge(name: string, now: number, traceId: string): void {
    const revised = this.#options.guardrail(name);
    const firing = this.#firing.get(name) ?? new Map<string, Series>();
    const series = new Map([...firing].filter(([, one]) => revised !== undefined && isLoud(revised, one)));
    const loud = revised !== undefined && series.size > 0;
    const key = loud ? canonicalJson(firingLabels(revised.guardrail)) : '';
    // Another severity or owner is another alert: the one before is over at once.
    for (const row of this.#open()) {
      if (row.guardrail !== name || row.key === key) continue;
      if (loud) this.#end(row, now);
      else if (row.quietSince === 0) this.#change(row, { quietSince: now });
    }
    if (firing.size === 0) this.#firing.delete(name);
    if (!loud) return;
    const row = this.#rows.get(key);
    if (row === undefined || row.endedAt > 0) return this.#begin(key, revised, series, now, traceId);
    const annotations = this.#annotations(revised, series, row.traceId, row.startsAt);
    if (row.quietSince > 0 || canonicalJson(annotations) !== canonicalJson(row.annotations))
      this.#change(row, { quietSince: 0, annotations });
  }

  #annotations(
    revised: RevisedGuardrail,
    series: ReadonlyMap<string, Series>,
    traceId: string,
    startsAt: number,
  ): AlertRow['annotations'] {
    const { waiting, links } = this.#options;
    const { name } = revised.guardrail.metadata;
    return {
      ...firingAnnotations(revised, series, traceId, startsAt, links),
      ...waitingAnnotations(waiting?.(name) ?? []),
    };
  }

  #begin(
    key: string,
    revised: RevisedGuardrail,
    series: ReadonlyMap<string, Series>,
    now: number,
    traceId: string,
  ): void {
    const labels = firingLabels(revised.guardrail);
    const storm = canonicalJson(stormLabels(labels));
    const beside = this.#open().filter(
      ({ foldedInto, labels: other }) => foldedInto === '' && canonicalJson(stormLabels(other)) === storm,
    );
    const { budget } = this.#options;
    const folded = budget > 0 && beside.length >= budget;
    this.#set({
      key,
      labels,
      annotations: this.#annotations(revised, series, traceId, now),
      guardrail: revised.guardrail.metadata.name,
      startsAt: now,
      quietSince: 0,
      endedAt: 0,
      foldedInto: folded ? storm : '',
      leftToRule: false,
      traceId,
      version: 1,
    });
    if (folded) this.#storm(storm, stormLabels(labels), now);
  }

  /** Brings a storm alert in line with the alerts that are folded into it. */
  #storm(key: string, labels: { [name: string]: string }, now: number): void {
    const names = this.#open().flatMap((row) => (row.foldedInto === key ? row.guardrail : []));
    const row = this.#rows.get(key);
    const open = row !== undefined && row.endedAt === 0;
    if (names.length === 0) {
      if (open) this.#change(row, { endedAt: now });
      return;
    }
    const startsAt = open ? row.startsAt : now;
    const annotations = stormAnnotations(names, labels['owner'] ?? '', startsAt, this.#options.links);
    if (open) return this.#change(row, { annotations });
    const fresh = { guardrail: '', startsAt, quietSince: 0, endedAt: 0, foldedInto: '', leftToRule: false };
    this.#set({ key, labels, annotations, ...fresh, traceId: '', version: 1 });
  }

  #end(row: AlertRow, now: number): void {
    this.#change(row, { endedAt: now, quietSince: row.quietSince === 0 ? now : row.quietSince });
    if (row.foldedInto !== '') this.#storm(row.foldedInto, stormLabels(row.labels), now);
  }

  #change(row: AlertRow, change: Partial<AlertRow>): void {
    this.#set({ ...row, ...change, version: row.version + 1 });
  }

  #set(row: AlertRow): void {
    this.#rows.set(row.key, row);
    this.#put.add(row.key);
    this.#removed.delete(row.key);
  }

  #forget({ key }: AlertRow): void {
    this.#rows.delete(key);
    this.#put.delete(key);
    this.#removed.add(key);
  }
}

function isLoud({ guardrail }: RevisedGuardrail, series: Series): boolean {
  const mode = seriesMode(guardrail.spec, series);
  return mode === 'warn' || mode === 'enforce';
}
