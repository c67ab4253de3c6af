import { ensureAlertmanager } from './alertmanager.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureCollector } from './collector.mjs';
import { HOST, ensureHost } from './grafana-host.mjs';
import { ensureOpa } from './opa.mjs';
import { ensureLine2x } from './line-2x.mjs';
import { ensureNativeRe2 } from './native-re2.mjs';
import { ensurePeers } from './peers.mjs';
import { ensurePrometheus } from './prometheus.mjs';

/**
 * @typedef {object} Part What some tests need beside the workspace's own dependencies.
 * @property {string} name
 * @property {string} usedBy What goes untested without it, for people.
 * @property {string[]} benchmarks Benchmarks that use it.
 * @property {string[]} [conformance] Conformance suites that use it.
 * @property {string} variable Environment variable that hands its path to tests and benchmarks.
 * @property {() => Promise<string | { missing: string }>} get Its path, or why it is missing.
 */

/** @type {Part[]} */
export const PARTS = [
  {
    name: 'OpenTelemetry Collector',
    usedBy: 'collector/test, and the loop through a Collector',
    benchmarks: ['ingest', 'loop'],
    variable: 'GUARDSPAN_COLLECTOR_BIN',
    get: ensureCollector,
  },
  {
    name: 'Open Policy Agent',
    usedBy: 'the same Rego policy in WebAssembly, in a server and in opa eval; docs/examples/rego',
    benchmarks: ['inline', 'rego'],
    variable: 'GUARDSPAN_OPA_BIN',
    get: ensureOpa,
  },
  {
    name: 'Prometheus and promtool',
    usedBy:
      'alert-rules/test: checks and unit tests of the rules, a breach through Prometheus; dashboards/test: every expression; the dashboards on a stand-in for Grafana',
    benchmarks: ['alert'],
    variable: 'GUARDSPAN_PROMETHEUS_DIR',
    get: ensurePrometheus,
  },
  {
    name: 'Alertmanager and amtool',
    usedBy:
      'alert-rules/test: routes of the Alertmanager example, a breach through Alertmanager to the receivers; the ten questions from an alert on',
    benchmarks: ['alert'],
    variable: 'GUARDSPAN_ALERTMANAGER_DIR',
    get: ensureAlertmanager,
  },
  {
    name: 'Chromium',
    usedBy: 'the Grafana app on a stand-in for Grafana: every page, both themes, axe, the keyboard',
    benchmarks: ['app'],
    variable: 'GUARDSPAN_CHROMIUM',
    get: ensureChromium,
  },
  {
    name: 'OpenTelemetry 2.x',
    usedBy: 'what applications see of each client on the older line of OpenTelemetry',
    benchmarks: [],
    conformance: ['clients'],
    variable: 'GUARDSPAN_OTEL_2X_DIR',
    get: ensureLine2x,
  },
  {
    name: 'Native re2',
    usedBy:
      'the same findings with the optional native engine before the detectors, and its package as processes find it',
    benchmarks: ['inline', 'instrumentation'],
    variable: 'GUARDSPAN_RE2_DIR',
    get: ensureNativeRe2,
  },
];

/** @type {Part[]} What benchmarks need, and no test. */
export const BENCHMARK_PARTS = [
  {
    name: 'Stand-in for Grafana',
    usedBy: 'the benchmark app',
    benchmarks: ['app'],
    variable: 'GUARDSPAN_APP_HOST_DIR',
    get: async () => (await ensureHost(['13'])) ?? HOST,
  },
  {
    name: 'Other instrumentations',
    usedBy: 'the benchmarks instrumentation and soak, and the conformance suite clients',
    benchmarks: ['instrumentation', 'soak'],
    conformance: ['clients'],
    variable: 'GUARDSPAN_PEERS_DIR',
    get: ensurePeers,
  },
];

/**
 * @param {Part} part
 * @returns {Promise<{ env: Record<string, string> } | { missing: string }>} Environment for the processes that use the part.
 */
export async function preparePart(part) {
  const result = await part.get();
  return typeof result === 'string' ? { env: { [part.variable]: result } } : result;
}
