import { ATTR, DASHBOARD_UID, DRILL_NAME, GRAFANA_APP_ID, oneLine, strictestMode } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';

/** Where links of alerts point. No slash at the end. */
export interface AlertLinks {
  /** Address under which people reach the evaluator. */
  evaluator: string;
  /** Address of the documentation. */
  docs: string;
  /** Address of Grafana; empty for none. */
  grafana: string;
  /** Address of a trace with `{trace}` in the place of its id; empty for none. */
  trace: string;
}

/** Series that are written out; the others are counted. */
const MAX_NAMED = 5;
/** Characters of a value that is written out. It comes from calls, so that it may be anything. */
const MAX_VALUE = 128;
/** Guard-rails that a storm alert writes out. */
const MAX_FOLDED = 10;
/**
 * Links to Grafana show this much time before the begin of the alert, as those of the rules do, and what came since. Milliseconds. They end `now`: an end that is still
 * to come would leave every table empty.
 */
const BEFORE = 3_600_000;

type Annotations = { [name: string]: string };

/** An action that waits for a person. */
export interface WaitingAction {
  verdictId: string;
  /** Seconds from epoch at which `onTimeout` decides; 0 when it waits without end. */
  until: number;
  onTimeout: 'execute' | 'cancel' | '';
}

/**
 * Annotations of an alert about a guard-rail: those of the rule GuardspanGuardrailFiring, which series fire, and the first trace when one is known.
 *
 * @param series values of each series that fires, at least one; few of them are read, however many there are
 * @param startsAt seconds from epoch
 */
export function firingAnnotations(
  { guardrail, revision }: RevisedGuardrail,
  series: ReadonlyMap<string, { [field: string]: string }>,
  traceId: string,
  startsAt: number,
  links: AlertLinks,
): Annotations {
  const { name } = guardrail.metadata;
  const { action } = guardrail.spec;
  const mode = strictestMode(guardrail.spec);
  const named: string[] = [];
  for (const values of series.values()) {
    if (named.length === MAX_NAMED) break;
    const text = seriesName(values);
    // A guard-rail without groupBy has one series without a name.
    if (text !== '') named.push(text);
  }
  const which = named.length === 0 ? '' : ` (${listOf(named, series.size)})`;
  const kill = { scope: { guardrail: name, model: '', service: '' }, reason: 'false alarms', expiresIn: 600 };
  return {
    summary: `${name === DRILL_NAME ? 'DRILL: ' : ''}The guard-rail ${name} is violated.`,
    description: `${series.size} series of the guard-rail ${name} are firing or probing${which}.`,
    runbook_url: `${links.docs}/runbook/GuardspanGuardrailFiring.md`,
    verdicts_url: `${links.evaluator}/api/v1/verdicts?guardrail=${encodeURIComponent(name)}`,
    in_force: `mode ${mode}, action ${action.type}, revision ${revision} `,
    kill_command: `curl -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '${JSON.stringify(kill)}' ${links.evaluator}/api/v1/kill`,
    ...grafanaAnnotations(name, startsAt, links),
    ...traceAnnotations(traceId, links),
  };
}

/**
 * Annotations of a storm alert.
 *
 * @param names guard-rails that it stands for, at least one
 * @param startsAt seconds from epoch
 */
export function stormAnnotations(
  names: readonly string[],
  owner: string,
  startsAt: number,
  links: AlertLinks,
): Annotations {
  const whose = owner === '' ? 'without an owner' : `of ${owner}`;
  const { from, to } = rangeFrom(startsAt);
  const dashboard = `${links.grafana}/d/${DASHBOARD_UID.overview}?from=${from}&to=${to}`;
  return {
    summary: `More guard-rails ${whose} are violated than the alert budget allows.`,
    description: `The alerts of ${names.length} guard-rails ${whose} are folded into this one: ${listOf([...names].sort().slice(0, MAX_FOLDED), names.length)}.`,
    runbook_url: `${links.docs}/runbook/GuardspanAlertStorm.md`,
    verdicts_url: `${links.evaluator}/api/v1/verdicts`,
    ...(links.grafana === '' ? {} : { dashboard_url: dashboard, panel_url: `${dashboard}&viewPanel=9` }),
  };
}

/** The same dashboard, panel, page of the app and search for traces as in the rule. */
function grafanaAnnotations(guardrail: string, startsAt: number, { grafana }: AlertLinks): Annotations {
  if (grafana === '') return {};
  const name = encodeURIComponent(guardrail);
  const range = rangeFrom(startsAt);
  const dashboard = `${grafana}/d/${DASHBOARD_UID.guardrail}?var-guardrail=${name}&from=${range.from}&to=${range.to}`;
  const query = `{ span.${ATTR.VERDICT_GUARDRAILS} = "${guardrail}" }`;
  const pane = {
    datasource: 'tempo',
    queries: [{ refId: 'A', queryType: 'traceql', query }],
    range,
  };
  return {
    dashboard_url: dashboard,
    panel_url: `${dashboard}&viewPanel=2`,
    app_url: `${grafana}/a/${GRAFANA_APP_ID}/verdicts?guardrail=${name}`,
    traces_url: `${grafana}/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ g: pane }))}`,
  };
}

/** The time range of a link, as Grafana reads it. */
function rangeFrom(startsAt: number): { from: string; to: string } {
  return { from: String(Math.round(startsAt * 1000) - BEFORE), to: 'now' };
}

/** That nothing was done yet, until when, and what a person can do; nothing when no action waits. */
export function waitingAnnotations(waiting: readonly WaitingAction[]): Annotations {
  const [first] = waiting;
  if (first === undefined) return {};
  const { until, onTimeout } = waiting.reduce((a, b) => (b.until > 0 && (a.until === 0 || b.until < a.until) ? b : a));
  const then = onTimeout === 'execute' ? 'it is taken' : 'it is not taken';
  const end = until === 0 ? '' : ` Without an answer until ${new Date(until * 1000).toISOString()} ${then}.`;
  const which = waiting.length === 1 ? 'The action waits' : `${waiting.length} actions wait`;
  return {
    approval: `${which} for a person: guardspan verdicts approve ${first.verdictId} --reason WHY, or reject.${end}`,
  };
}

function traceAnnotations(traceId: string, links: AlertLinks): Annotations {
  if (traceId === '') return {};
  return {
    trace_id: traceId,
    ...(links.trace === '' ? {} : { trace_url: links.trace.replaceAll('{trace}', traceId) }),
  };
}

function seriesName(values: { [field: string]: string }): string {
  return Object.entries(values)
    .map(([field, value]) => `${field}=${oneLine(value, MAX_VALUE)}`)
    .join(', ');
}

function listOf(shown: readonly string[], total: number): string {
  const text = shown.join('; ');
  return shown.length === total ? text : `${text}; and ${total - shown.length} more`;
}
