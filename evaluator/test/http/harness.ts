import type { EvidenceReport } from '../../src/engine/evidence/report.js';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bindGuardrails } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import { tokenDigest } from '../../src/auth/token-file.js';
import type { Authenticator, Principal, Role } from '../../src/auth/types.js';
import { KillSwitches } from '../../src/channel/kill-switches.js';
import { DecisionService } from '../../src/decide/decision-service.js';
import { RequestHost } from '../../src/decide/request-host.js';
import { createApi } from '../../src/http/create-api.js';
import type { ApiDeps, IncompatibleInstance, PendingDirective } from '../../src/http/deps.js';
import { createDocumentService } from '../../src/http/documents/document-service.js';
import { createEventLog } from '../../src/http/event-log.js';
import type { ModelTotals } from '../../src/metrics/models-view.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store, VerdictRow } from '../../src/store/types.js';

const CELLS = {
  rows: [
    ['', 'f', [4, 3]],
    ['', 'm', [20, 30]],
  ] as [string, string, number[]][],
  categories: [],
  units: 0,
  parts: [],
};
/** An explanation with one cell that is too small to be shown. */
const REPORT: EvidenceReport = {
  guardrail: 'slow',
  revision: 'r',
  series: { model: 'm' },
  test: 'rateGap',
  mode: 'robust',
  state: 'firing',
  evidence: {
    value: 12,
    highest: 12,
    threshold: 10,
    path: [[1, 12]],
    crossedAt: 1,
    crossedCalls: 57,
    restartedAt: 0,
    restartReason: 'start',
  },
  promise: { status: 'kept', reasons: [], text: 'Promised.' },
  needed: 0,
  counters: { calls: 57, buckets: 1, late: 0, open: 0 },
  effect: { name: 'ratio', value: 0.7, lower: 0.1, upper: 0.79, limit: 0.8, above: false },
  effectSinceOnset: undefined,
  firstOffendingBucket: 1,
  groups: [
    { stratum: '', group: 'f', calls: 7, rate: 3 / 7 },
    { stratum: '', group: 'm', calls: 50, rate: 0.6 },
  ],
  causes: [],
  exampleTraceIds: [],
  summary: 'Broken.',
  recompute: { every: 60, before: CELLS, since: CELLS, arm: { ...CELLS, rows: [] } },
};

/** A verdict that fires, of the guard-rail `slow`. */
export const FIRING: VerdictRow = {
  id: 'v1',
  guardrail: 'slow',
  revision: 'r',
  series: { model: 'm' },
  mode: 'enforce',
  action: 'deny',
  disposition: 'enforced',
  state: 'firing',
  code: 'condition',
  message: 'x',
  firstAt: 1,
  lastAt: 1,
  releasedAt: 0,
  signals: {},
  trace: [],
  exampleTraceIds: [],
  auditSeq: 1,
};
const NOTHING: readonly RevisedGuardrail[] = [];

/** Tokens of the tests: the name of a principal is its token. */
const PEOPLE: { [name: string]: Role } = {
  'vera-viewer': 'viewer',
  'eddie-editor': 'editor',
  'anna-approver': 'approver',
  'adam-approver': 'approver',
  'ada-admin': 'admin',
  'grafana-app': 'approver',
  'shop-agent': 'agent',
};

export interface Harness {
  url: string;
  store: Store;
  deps: ApiDeps;
  published: (readonly RevisedGuardrail[])[];
  /** Judgements that the API told of. */
  judged: [guardrail: string, judgement: string][];
  /** What the fakes answer. */
  fakes: {
    inert: string | null;
    incompatible: IncompatibleInstance[];
    pending: PendingDirective[];
    firing: boolean;
    /** `<trace id>/<span id>` of calls in open buckets. */
    counted: Set<string>;
    models: ModelTotals[];
  };
  call(
    method: string,
    path: string,
    as: string,
    options?: { body?: unknown; headers?: { [name: string]: string } },
  ): Promise<Response>;
  faults: Error[];
  /** Lets time pass, seconds. */
  pass(seconds: number): void;
  close(): Promise<void>;
}

/** The API on a real server and a memory store, with fakes for what other folders implement. */
export async function startHarness(
  options: { separateApprover?: boolean; store?: Store; decide?: ApiDeps['decide'] } = {},
): Promise<Harness> {
  const store = options.store ?? createMemoryStore();
  const events = createEventLog('start');
  let now = 1000;
  const clock = (): number => now++;
  const fakes: Harness['fakes'] = {
    inert: null,
    incompatible: [],
    pending: [],
    firing: true,
    counted: new Set(),
    models: [],
  };
  const published: (readonly RevisedGuardrail[])[] = [];
  const faults: Error[] = [];
  const judged: Harness['judged'] = [];
  const fleet: ApiDeps['fleet'] = {
    instances: () =>
      [true, false].map((connected) => ({
        service: 'shop',
        serviceVersion: '1',
        environment: 'prod',
        instance: connected ? 'i1' : 'left',
        incarnation: 'c1',
        host: 'h',
        pid: 1,
        sdk: 'node/1',
        featureLevel: 1,
        transport: 'websocket' as const,
        connected,
        connectedAt: 1,
        lastSeen: 2,
        revision: 'r',
        acknowledgedAt: 2,
        current: true,
        errors: [],
        targets: ['backup'],
        rewriters: [],
        forbidden: [],
        applied: [],
        clockOffset: 0,
      })),
    inert: () => fakes.inert,
    incompatible: () => fakes.incompatible,
  };
  const separateApprover = options.separateApprover ?? true;
  const documents = createDocumentService({
    store,
    fleet,
    events,
    clock,
    separateApprover,
    onError: (error) => faults.push(error as Error),
    onPublished: ({ guardrails, bindings }) => published.push(bindGuardrails(guardrails, bindings)),
  });
  await documents.start();
  const kill = new KillSwitches({ store, now: () => 1, events, changed: () => undefined });
  const service = new DecisionService({
    guardrails: () => published.at(-1) ?? NOTHING,
    directives: () => [],
    now: clock,
    host: new RequestHost({
      now: clock,
      random: () => 0,
      newId: () => 'id',
      kills: () => [],
      probeOf: () => ({ share: 0, perSecond: 0 }),
    }),
  });
  let next = 0;
  const deps: ApiDeps = {
    store,
    auth: authenticator(),
    documents,
    engine: {
      series: () =>
        (fakes.firing ? (['firing'] as const) : (['ok'] as const)).map((state) => ({
          guardrail: 'slow',
          revision: 'r',
          series: { model: 'm' },
          state,
          since: 1,
          verdictId: 'v1',
          signals: { p95: { value: 2, samples: 9, lower: Number.NaN, upper: Number.NaN } },
          degraded: false,
        })),
      release: () => {
        const held = fakes.firing;
        fakes.firing = false;
        return held;
      },
      facts: (facts) => facts.map(({ traceId, spanId }) => fakes.counted.has(`${traceId}/${spanId}`)),
      explain: (verdictId) => (verdictId === 'v1' ? REPORT : undefined),
      reports: () => [REPORT],
    },
    fleet,
    directives: {
      active: () => [],
      pending: () => fakes.pending,
      approve: (verdictId) => fakes.pending.some((one) => one.verdictId === verdictId),
      reject: (verdictId) => fakes.pending.some((one) => one.verdictId === verdictId),
    },
    coverage: { report: () => ({ rows: [], gaps: [], exempted: [], guarded: 3, unguarded: 1, coverage: 0.75 }) },
    dispositions: {
      read: (now, guardrail) => ({
        step: 10,
        since: now,
        items: [{ start: 0, calls: 3, counts: guardrail === undefined ? { enforced: 2 } : {} }],
      }),
    },
    kill,
    alerts: { alerts: () => [], instances: () => [] },
    webhooks: { rows: () => [], replay: () => 0 },
    sync: {
      pull: async ({ since }) => ({ cursor: `${since}x`, messages: [{ type: 'ping', nonce: 1 }] }),
      exchange: async ({ since }) => ({ cursor: `${since}x`, messages: [{ type: 'decided', seq: 1 }] }),
    },
    decide: options.decide ?? ((request) => service.decide(request).answer),
    events,
    judged: (...judgement) => judged.push(judgement),
    models: { list: () => fakes.models },
    clock,
    newId: () => `id${++next}`,
    separateApprover,
    version: '0.1.0',
    maxEventStreams: 2,
  };
  const api = createApi(deps, (error) => faults.push(error));
  const server = createServer((request, response) => {
    void api(request, response).then((handled) => handled || response.writeHead(404).end());
  });
  const url = await listen(server);
  return {
    url,
    store,
    deps,
    published,
    judged,
    fakes,
    faults,
    pass: (seconds) => void (now += seconds),
    call: (method, path, as, { body, headers = {} } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          ...(as === '' ? {} : { authorization: `Bearer ${as}` }),
          ...(body === undefined
            ? {}
            : { 'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

function authenticator(): Authenticator {
  const rules = new Map(
    Object.entries(PEOPLE).map(([name, role]): [string, Principal] => [
      tokenDigest(name).toString('hex'),
      {
        ...{ name, role, services: role === 'agent' ? ['shop'] : [], models: [] },
        ...(name === 'grafana-app' ? { onBehalf: 'grafana' as const } : {}),
      },
    ]),
  );
  return {
    singleUser: false,
    authenticate(authorization) {
      const found = rules.get(tokenDigest((authorization ?? '').replace('Bearer ', '')).toString('hex'));
      return found === undefined ? { ok: false, reason: 'unknown', retryAfter: 0 } : { ok: true, principal: found };
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A small inline guard-rail. */
export function document(
  name: string,
  spec: { mode?: string; action?: string; managedBy?: string; when?: string; more?: string } = {},
): string {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}, managedBy: ${spec.managedBy ?? 'ui'}}
spec:
  match: {models: [m]}
  at: request
  when: "${spec.when ?? "model.name == 'm'"}"
  action: ${spec.action ?? '{deny: {}}'}
  mode: ${spec.mode ?? 'warn'}
${spec.more ?? ''}`;
}

/** A small windowed guard-rail that shuts its model down. */
export function shutdownDocument(name: string): string {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}, managedBy: ui}
spec:
  match: {models: [m]}
  over: {window: 1m, every: 10s, groupBy: [model], signals: {calls: {count: "true"}}}
  when: "calls > 10.0"
  action: {shutdown: {}}
  mode: warn
`;
}

/** A small exception of service `shop` from a guard-rail. */
export function exceptionOf(
  name: string,
  spec: { guardrail?: string; expires?: string; managedBy?: string; approval?: string } = {},
): string {
  return `apiVersion: guardspan/v1alpha1
kind: GuardrailException
metadata: {name: ${name}, managedBy: ${spec.managedBy ?? 'ui'}}
spec:
  owner: support
  reason: The test data is invented.
  expires: ${spec.expires ?? '2027-01-31'}
  guardrails: [${spec.guardrail ?? 'slow'}]
  match: {services: [shop]}
${
  spec.approval === undefined
    ? ''
    : `  approval: ${spec.approval}
`
}`;
}

/** A pack with these entities. */
export function packOf(name: string, entities: string, managedBy = 'ui'): string {
  return `apiVersion: guardspan/v1alpha1
kind: DetectorPack
metadata: {name: ${name}, managedBy: ${managedBy}}
spec: {entities: {${entities}}}
`;
}
