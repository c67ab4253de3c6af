import { stringify } from 'yaml';
import type { Rule, RuleGroup } from './types.js';

/** Data source that the generated rules ask; a user replaces it by the uid of theirs. */
const DATASOURCE = 'prometheus';

/**
 * The alerting rules as Grafana-managed provisioning (`provisioning/alerting/*.yaml`, `apiVersion: 1`). Each rule is a query, a reduction to its last
 * value and a threshold. Recording rules stay with Prometheus, where these queries read them. No contact point and no policy is part of it:
 * provisioning the policy tree would replace the user's own.
 */
export function toGrafana(groups: readonly RuleGroup[]): string {
  const converted = groups
    .map(({ name, interval, rules }) => ({
      orgId: 1,
      name,
      folder: 'Guardspan',
      interval,
      rules: rules.filter((rule) => rule.alert !== undefined).map((rule) => toGrafanaRule(rule)),
    }))
    .filter(({ rules }) => rules.length > 0);
  return stringify({ apiVersion: 1, groups: converted }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function toGrafanaRule(rule: Rule): object {
  const name = rule.alert!;
  return {
    uid: uidOf(name),
    title: name,
    condition: 'C',
    data: [
      {
        refId: 'A',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: DATASOURCE,
        model: { refId: 'A', expr: rule.expr.trim(), instant: true, range: false },
      },
      {
        refId: 'B',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: '__expr__',
        model: { refId: 'B', type: 'reduce', expression: 'A', reducer: 'last' },
      },
      {
        refId: 'C',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: '__expr__',
        // Prometheus filters by the comparison inside of the expression: a series that is left is a violation, whatever its value.
        model: {
          refId: 'C',
          type: 'threshold',
          expression: 'B',
          conditions: [{ evaluator: { type: 'gt', params: [-1] } }],
        },
      },
    ],
    // An empty result is the healthy one.
    noDataState: 'OK',
    execErrState: 'Error',
    for: rule.for ?? '0s',
    ...(rule.keep_firing_for === undefined ? {} : { keepFiringFor: rule.keep_firing_for }),
    annotations: {
      ...mapValues(withoutQueries(mapValues(rule.annotations ?? {}, relativeRange)), ownTemplate),
      ...panelOf(rule),
    },
    // Provisioning expands `$name` in labels from the environment; `$$` is a dollar sign.
    labels: mapValues(rule.labels ?? {}, (text) => ownTemplate(text).replaceAll('$', '$$$$')),
  };
}

/** How Grafana ties a rule to a panel: it links to it and puts its picture into the message. */
function panelOf({ annotations = {} }: Rule): Record<string, string> {
  const found = /\/d\/([\w-]+)\?.*\bviewPanel=(\d+)$/.exec(annotations['panel_url'] ?? '');
  return found === null ? {} : { __dashboardUid__: found[1]!, __panelId__: found[2]! };
}

/** Links begin an hour before the alert did, which only Prometheus can be asked; Grafana's own link to the panel knows it, the others then show the last hour. */
function relativeRange(text: string): string {
  return text.replace(/\{\{ range query [^}]*?ALERTS_FOR_STATE.*?\{\{ end \}\}/g, 'now-1h');
}

/** Grafana's templates know no `query`; an annotation that asks is left out. */
function withoutQueries(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([, text]) => !text.includes('query (')));
}

/** In Grafana `$value` prints all parts of the condition; the number itself is `$values.A.Value`. */
function ownTemplate(text: string): string {
  return text.replaceAll('$value', '$values.A.Value').replaceAll(' | urlquery', '');
}

function mapValues(record: Record<string, string>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, text]) => [key, change(text)]));
}

/** Grafana's uids have at most 40 characters of letters, digits, `-` and `_`. */
function uidOf(alert: string): string {
  return `guardspan-${alert.replace(/^Guardspan/, '').toLowerCase()}`.slice(0, 40);
}
