import { APP_METRICS, exportedName, METRICS } from '@guardspan/evaluator';
import type { MetricDefinition } from '@guardspan/evaluator';
import { METRIC } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, expressions, panelsOf } from './support/expressions.js';

const ALL = expressions();
const KNOWN = new Map(
  ([...METRICS, ...APP_METRICS] as readonly MetricDefinition[]).map((metric) => [exportedName(metric), metric]),
);
/** Metrics that no dashboard shows, with the reason. */
const NOT_SHOWN: { readonly [name: string]: string } = {
  guardspan_app_decisions_total:
    'the evaluator counts the same decisions by guard-rail, also of processes without metrics',
  guardspan_audit_age_seconds: 'about a second while all is well; GuardspanAuditStalled reads it',
  guardspan_audit_dropped_total: '0 while all is well; GuardspanAuditStalled reads it',
  guardspan_directives_pending: '0 while nobody is asked; the alert of the verdict and the app show what waits',
  guardspan_feedback_total: 'few a day; the app shows what people judged, with the precision that comes of it',
  guardspan_notifications_dead: '0 while all is well; GuardspanNotificationFailures reads it',
  guardspan_reroutes_total: 'nothing where no guard-rail reroutes; GuardspanRerouteTargetFailing reads it',
};

const used = new Map<string, string[]>();
for (const { expr, dashboard, place } of ALL)
  for (const [name] of expr.matchAll(/guardspan_[a-z_]+/g)) {
    const base = KNOWN.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '');
    used.set(base, [...(used.get(base) ?? []), `${dashboard}: ${place}`]);
  }

describe('metrics of dashboards', () => {
  it('are all of the contract', () => {
    for (const [name, places] of used) expect(KNOWN.has(name), `${name} in ${places.join('; ')}`).toBe(true);
  });

  it('have the labels that expressions select or group by', () => {
    for (const { expr, dashboard, place } of ALL) {
      for (const [, name, braces] of expr.matchAll(/(guardspan_[a-z_]+)\{([^}]*)\}/g)) {
        const metric = KNOWN.get(name!) ?? KNOWN.get(name!.replace(/_(bucket|count|sum)$/, ''))!;
        for (const [, label] of braces!.matchAll(/([a-z_]+)=?[=!~]/g))
          expect([...metric.labels, 'le'], `${dashboard}: ${place}: ${name}`).toContain(label);
      }
    }
  });

  it('are all that the evaluator and applications export, but for those with a reason', () => {
    const missing = [...KNOWN.keys()].filter((name) => !used.has(name) && NOT_SHOWN[name] === undefined);
    expect(missing).toEqual([]);
  });

  it('say in each description what is shown, by name', () => {
    for (const dashboard of Object.values(DASHBOARDS))
      for (const panel of panelsOf(dashboard).filter(({ targets }) => targets !== undefined))
        for (const { expr } of panel.targets!)
          for (const [name] of expr.matchAll(/guardspan_[a-z_]+/g))
            expect(panel.description, panel.title).toContain(name.replace(/_(bucket|count|sum)$/, ''));
  });

  it('show what other dashboards about models do not: verdict against action, coverage, undecided calls, revision, promise', () => {
    const needed = [
      METRIC.DISPOSITIONS,
      METRIC.GUARDED_CALLS,
      METRIC.UNGUARDED_CALLS,
      METRIC.GUARDRAIL_INFO,
      METRIC.GUARDRAIL_PROMISE_KEPT,
    ];
    const overview = ALL.filter(({ dashboard }) => dashboard === 'overview').map(({ expr }) => expr);
    for (const metric of METRICS.filter(({ name }) => (needed as readonly string[]).includes(name)))
      expect(
        overview.some((expr) => expr.includes(exportedName(metric))),
        metric.name,
      ).toBe(true);
  });
});
