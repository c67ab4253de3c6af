/** What happens to one alert over time: quiet before `firesAt`, firing at it, quiet again at `overAt`. */
export interface Timeline {
  alert: string;
  /** Series in promtool's notation, one value each 30 s. */
  series: Record<string, string>;
  /** A moment at which the alert must not fire yet, although its series exist. */
  quietAt: string;
  firesAt: string;
  /** Labels of the alert at `firesAt`, without `alertname` and `component`. */
  labels: Record<string, string>;
  overAt: string;
}

const INFO =
  'guardspan_guardrail_info{guardrail="gap",mode="enforce",action="reroute",revision="r1",severity="critical",owner="credit"}';
const disposition = (name: string): string =>
  `guardspan_dispositions_total{guardrail="gap",disposition="${name}",action="deny"}`;
const ACK = 'guardspan_otlp_ack_duration_seconds';
const gap = (severity: string): Record<string, string> => ({ guardrail: 'gap', severity });
/** Of applications, as a Collector exports it. */
export const DECISION_SECONDS = 'guardspan_app_decision_duration_seconds';
const ofShop = '{job="shop",guardspan_action="allow"}';
const shop = { service: 'shop', severity: 'warning' };

/** One for each alert of the rule file but the watchdog. */
export const TIMELINES: readonly Timeline[] = [
  {
    alert: 'GuardspanGuardrailFiring',
    series: { 'guardspan_guardrail_firing{guardrail="gap"}': '0x19 2x20 0x80', [INFO]: '1x120' },
    quietAt: '9m',
    firesAt: '11m',
    labels: { ...gap('critical'), owner: 'credit' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanAlertStorm',
    series: { 'guardspan_alerts_folded{owner="credit",severity="critical",by="rule"}': '0x19 12x20 0x80' },
    quietAt: '9m',
    firesAt: '11m',
    labels: { owner: 'credit', severity: 'critical' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanFailOpen',
    series: { [disposition('allow_failopen')]: '0x19 3x100' },
    quietAt: '9m',
    firesAt: '11m',
    labels: gap('warning'),
    overAt: '30m',
  },
  {
    alert: 'GuardspanDenyNotEnforced',
    series: {
      // What a person stopped is no fault: a kill switch alone stays quiet.
      'guardspan_denials_unenforced_total{guardrail="gap",reason="killed"}': '0+4x160',
      'guardspan_denials_unenforced_total{guardrail="gap",reason="ignored"}': '0x19 2x140',
    },
    quietAt: '9m',
    firesAt: '11m',
    labels: gap('critical'),
    overAt: '30m',
  },
  {
    alert: 'GuardspanDirectiveUnconfirmed',
    series: { 'guardspan_directives_unconfirmed{guardrail="gap",instance="a"}': '0x9 1 0x9 1x20 0x80' },
    quietAt: '6m',
    firesAt: '12m',
    labels: gap('critical'),
    overAt: '30m',
  },
  {
    alert: 'GuardspanFailClosed',
    series: { [disposition('deny_stale')]: '0x19 3x100' },
    quietAt: '9m',
    firesAt: '11m',
    labels: gap('warning'),
    overAt: '30m',
  },
  {
    alert: 'GuardspanNotEvaluated',
    series: { [disposition('not_evaluated')]: '0x19 0+1x20 20x80' },
    quietAt: '12m',
    firesAt: '18m',
    labels: gap('warning'),
    overAt: '50m',
  },
  {
    alert: 'GuardspanActedShareHigh',
    series: { [disposition('enforced')]: '0x19 0+10x40 400x80', guardspan_calls_total: '0+20x160' },
    quietAt: '10m',
    firesAt: '28m',
    labels: gap('warning'),
    overAt: '60m',
  },
  {
    alert: 'GuardspanOverReacting',
    series: { 'guardspan_guardrail_overreacting{guardrail="gap"}': '0x19 1x20 0x80' },
    quietAt: '9m',
    firesAt: '11m',
    labels: gap('critical'),
    overAt: '30m',
  },
  {
    alert: 'GuardspanGuardrailInert',
    series: { 'guardspan_guardrail_inert{guardrail="gap"}': '0x19 1x40 0x80', [INFO]: '1x160' },
    quietAt: '15m',
    firesAt: '25m',
    labels: { ...gap('warning'), owner: 'credit' },
    overAt: '40m',
  },
  {
    alert: 'GuardspanPromiseNotGuaranteed',
    series: { 'guardspan_guardrail_promise_kept{guardrail="gap"}': '1x19 0x60 1x80' },
    quietAt: '20m',
    firesAt: '30m',
    labels: gap('warning'),
    overAt: '50m',
  },
  {
    alert: 'GuardspanRevisionMismatch',
    series: {
      [INFO]: '1x160',
      [INFO.replace('r1', 'r2')]: '_x20 1x60 stale',
    },
    quietAt: '20m',
    firesAt: '30m',
    labels: gap('warning'),
    overAt: '50m',
  },
  {
    alert: 'GuardspanCoverageGap',
    series: {
      'guardspan_calls_guarded_total{service="shop"}': '0+30x140',
      'guardspan_calls_unguarded_total{service="shop",reason="raw_http"}': '0x19 6+6x39 240x80',
    },
    quietAt: '15m',
    firesAt: '25m',
    labels: shop,
    overAt: '40m',
  },
  {
    alert: 'GuardspanFleetNacked',
    series: { 'guardspan_fleet_instances{service="shop",state="nacked"}': '0x19 1x20 0x80' },
    quietAt: '11m',
    firesAt: '15m',
    labels: shop,
    overAt: '30m',
  },
  {
    alert: 'GuardspanFleetBehind',
    series: { 'guardspan_fleet_instances{service="shop",state="behind"}': '0x19 1x20 0x80' },
    quietAt: '12m',
    firesAt: '18m',
    labels: shop,
    overAt: '30m',
  },
  {
    alert: 'GuardspanDocumentDrift',
    series: { 'guardspan_document_drift{kind="Guardrail",document="no-pii",instance="a"}': '_x19 1x40 _x80' },
    quietAt: '9m',
    firesAt: '10m',
    labels: { kind: 'Guardrail', document: 'no-pii', severity: 'warning' },
    overAt: '40m',
  },
  {
    alert: 'GuardspanKillSwitchActive',
    series: { guardspan_kill_switch_active: '0x19 1x140 0x80' },
    quietAt: '60m',
    firesAt: '75m',
    labels: { severity: 'info' },
    overAt: '90m',
  },
  {
    alert: 'GuardspanEvaluatorDown',
    series: { 'up{job="guardspan-evaluator",instance="a"}': '1x19 0x20 1x80' },
    quietAt: '11m',
    firesAt: '15m',
    labels: { severity: 'critical' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanStoreDegraded',
    series: { 'guardspan_store_degraded{instance="a"}': '0x19 1x20 0x80' },
    quietAt: '10m',
    firesAt: '13m',
    labels: { instance: 'a', severity: 'critical' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanAuditStalled',
    series: { 'guardspan_audit_age_seconds{instance="a"}': '1x19 90x20 1x80' },
    quietAt: '10m',
    firesAt: '13m',
    labels: { instance: 'a', severity: 'critical' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanNotificationFailures',
    series: { 'guardspan_notifications_waiting{receiver="alertmanager",instance="a"}': '0 1 0 1 0x15 2x30 0x80' },
    quietAt: '13m',
    firesAt: '18m',
    labels: { receiver: 'alertmanager', severity: 'warning' },
    overAt: '40m',
  },
  {
    alert: 'GuardspanRerouteTargetFailing',
    series: {
      'guardspan_reroutes_total{target="previous",outcome="failed"}': '0x19 0+9x30 270x80',
      'guardspan_reroutes_total{target="previous",outcome="answered"}': '0+1x160',
    },
    quietAt: '10m',
    firesAt: '18m',
    labels: { target: 'previous', severity: 'critical' },
    overAt: '50m',
  },
  {
    alert: 'GuardspanEvaluatorSaturated',
    series: { 'guardspan_loop_lag_seconds{instance="a",quantile="0.99"}': '0.02x19 0.5x20 0.02x80' },
    quietAt: '12m',
    firesAt: '18m',
    labels: { instance: 'a', severity: 'warning' },
    overAt: '30m',
  },
  {
    alert: 'GuardspanSpansRejected',
    series: { 'guardspan_ingest_rejected_total{reason="forbidden"}': '0x19 0+5x30 150x80' },
    quietAt: '12m',
    firesAt: '20m',
    labels: { reason: 'forbidden', severity: 'warning' },
    overAt: '50m',
  },
  {
    alert: 'GuardspanCallsLate',
    series: { guardspan_calls_late_total: '0x19 0+1x60 60x80', guardspan_calls_total: '0+20x160' },
    quietAt: '15m',
    firesAt: '35m',
    labels: { severity: 'warning' },
    overAt: '70m',
  },
  {
    alert: 'GuardspanAckBudgetBurnFast',
    series: { [`${ACK}_bucket{le="0.5"}`]: '0+10x120 1200x60 1200+10x400', [`${ACK}_count`]: '0+10x580' },
    quietAt: '59m',
    firesAt: '85m',
    labels: { severity: 'critical' },
    overAt: '200m',
  },
  {
    alert: 'GuardspanAckBudgetBurnSlow',
    series: { [`${ACK}_bucket{le="0.5"}`]: '0+10x120 1200+9x240 3360+10x900', [`${ACK}_count`]: '0+10x1260' },
    quietAt: '59m',
    firesAt: '150m',
    labels: { severity: 'warning' },
    overAt: '400m',
  },
  {
    alert: 'GuardspanLatencyBudgetBurnFast',
    series: {
      [`${DECISION_SECONDS}_bucket{le="0.05",${ofShop.slice(1)}`]: '0+10x120 1200x60 1200+10x400',
      [`${DECISION_SECONDS}_count${ofShop}`]: '0+10x580',
    },
    quietAt: '59m',
    firesAt: '85m',
    labels: { job: 'shop', severity: 'critical' },
    overAt: '200m',
  },
  {
    alert: 'GuardspanLatencyBudgetBurnSlow',
    series: {
      [`${DECISION_SECONDS}_bucket{le="0.05",${ofShop.slice(1)}`]: '0+10x120 1200+9x240 3360+10x900',
      [`${DECISION_SECONDS}_count${ofShop}`]: '0+10x1260',
    },
    quietAt: '59m',
    firesAt: '150m',
    labels: { job: 'shop', severity: 'warning' },
    overAt: '520m',
  },
];
