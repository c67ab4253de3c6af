import * as api from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR, EVENT, METRIC } from '@guardspan/policy/runtime';
import type { RevisedGuardrail } from '@guardspan/policy/runtime';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/guard/clock.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { RegoEngines } from '../../src/rego/rego-engines.js';
import type { RegoConfig } from '../../src/rego/types.js';
import { example, OPA, OpaFolder } from '../rego/opa.js';
import { directive, guardrails, install, makeCore } from './fakes.js';
import type { VirtualClock } from './fakes.js';

// Every failure of the failure table is made to happen in a call, and what the table says has to be seen wherever a disposition is told.

const ACTIONS = { content: 'deny: {}', quality: 'annotate: {attributes: {seen: "yes"}}' } as const;
type ActionClass = keyof typeof ACTIONS;

function document(spec: string): RevisedGuardrail[] {
  return guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec:
  mode: enforce
${spec.replace(/^/gm, '  ')}
`);
}
const judged = (actionClass: ActionClass, onError: string): RevisedGuardrail[] =>
  document(`at: request
uses: {toxic: {detector: judge, on: prompt.text, deadline: 20ms}}
when: toxic.count > 0
action: {${ACTIONS[actionClass]}}
onError: ${onError}`);

let core: GuardCore;
let clock: VirtualClock;
const never = (): Promise<never> => new Promise(() => undefined);

/** How each failure comes about. */
const CAUSES: Record<
  string,
  { code: string; cause: (actionClass: ActionClass, onError: string) => void | Promise<void> }
> = {
  'a document that this process cannot read': {
    code: 'unparsable',
    cause: (actionClass, onError) => {
      const list = document(`at: request\nwhen: 'true'\naction: {${ACTIONS[actionClass]}}\nonError: ${onError}`);
      list[0]!.guardrail.spec.when = 'a function of a later version (';
      install(core, list);
    },
  },
  'a condition that reads what the call has not': {
    code: 'detector_error',
    cause: (actionClass, onError) =>
      install(
        core,
        document(`at: request\nwhen: features.age < 18\naction: {${ACTIONS[actionClass]}}\nonError: ${onError}`),
      ),
  },
  'a detector that nobody declares': {
    code: 'detector_error',
    cause: (actionClass, onError) => install(core, judged(actionClass, onError)),
  },
  'a detector that throws': {
    code: 'detector_error',
    cause: (actionClass, onError) => {
      install(core, judged(actionClass, onError));
      core.declareDetector({ name: 'judge', detect: () => Promise.reject(new Error('broken')) });
    },
  },
  'a detector that answers nonsense': {
    code: 'detector_error',
    cause: (actionClass, onError) => {
      install(core, judged(actionClass, onError));
      core.declareDetector({ name: 'judge', detect: () => Promise.resolve('nonsense' as never) });
    },
  },
  'a detector that is too slow': {
    code: 'deadline',
    cause: (actionClass, onError) => {
      install(core, judged(actionClass, onError));
      core.declareDetector({ name: 'judge', detect: never });
    },
  },
  'a detector that has all that it can take': {
    code: 'saturated',
    cause: async (actionClass, onError) => {
      core.declareDetector({ name: 'judge', detect: never, maxConcurrent: 1 });
      // A call before this one, seen by nobody: it holds the only place.
      install(core, judged('quality', 'allow'));
      const before = core.begin({ ...BEFORE });
      await before.before;
      install(core, judged(actionClass, onError));
    },
  },
  'a Rego engine that nobody declares': {
    code: 'detector_error',
    cause: (actionClass, onError) =>
      install(
        core,
        document(
          `at: request\nrego: {engine: central, path: a/b, deadline: 20ms}\naction: {${ACTIONS[actionClass]}}\nonError: ${onError}`,
        ),
      ),
  },
};
const BEFORE = {
  client: 'function',
  model: { name: 'earlier', version: '1', kind: 'llm', framework: 'function', provider: '' },
  operation: 'predict',
  streamed: false,
  can: { request: ['annotate'], chunk: [], response: [] },
  awaits: true,
  remote: false,
  texts: () => [{ path: 'prompt', role: 'user', text: 'hello' }],
} as const;

let spans: InMemorySpanExporter;
let metrics: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let events: { eventName?: string; attributes: Record<string, unknown> }[];
let provider: TracerProvider;
beforeEach(() => {
  spans = new InMemorySpanExporter();
  provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 60_000 });
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  events = [];
  const logger = { emit: (record: (typeof events)[number]) => void events.push(record), enabled: () => true };
  api.logs.setGlobalLoggerProvider({ getLogger: () => logger } as never);
  ({ core, clock } = makeCore({ tracer: () => provider.getTracer('test') }));
});
afterEach(async () => {
  await reader.shutdown();
  api.metrics.disable();
  api.logs.disable();
});

/** One call of the model `m`; the error's code when it was refused. */
function call(): Promise<string> {
  const host = { runtime: () => core, declare: () => undefined };
  const model = guardModelOn(host, async (text: string) => Promise.resolve(text), {
    ...{ name: 'm', prompt: (text: string) => text },
  });
  return model('hello').then(
    () => 'answered',
    (error: unknown) => (error as { code: string }).code,
  );
}

/** What was told of the calls of `m` in each place. */
async function told(): Promise<Record<string, unknown>> {
  await reader.forceFlush();
  const made = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const points = made.find(({ descriptor }) => descriptor.name === METRIC.APP_DECISIONS)?.dataPoints ?? [];
  const report = core.counters.take(0, 0, 100)!;
  return {
    span: spans
      .getFinishedSpans()
      .filter(({ name }) => name.endsWith(' m'))
      .map(({ attributes }) => [attributes[ATTR.DISPOSITION], attributes[ATTR.VERDICT_CODE]]),
    metric: points
      .filter(({ attributes }) => attributes[ATTR.MODEL_NAME] === 'm')
      .map(({ attributes, value }) => [attributes[ATTR.DISPOSITION], value]),
    event: events
      .filter(({ eventName, attributes }) => eventName === EVENT.VERDICT && attributes[ATTR.MODEL_NAME] === 'm')
      .map(({ attributes }) => [attributes[ATTR.DISPOSITION], attributes[ATTR.VERDICT_CODE]]),
    coverage: report.dispositions.map(({ guardrail, disposition }) => [guardrail, disposition]),
  };
}

function everywhere(disposition: string, code: string): Record<string, unknown> {
  return {
    span: [[disposition, code]],
    metric: [[disposition, 1]],
    event: [[disposition, code]],
    coverage: expect.arrayContaining([['g', disposition]]) as unknown,
  };
}

const ROWS = [
  ['content', 'deny', 'deny_failclosed'],
  ['content', 'allow', 'allow_failopen'],
  ['quality', 'deny', 'deny_failclosed'],
  ['quality', 'allow', 'allow_failopen'],
] as const;

describe.each(Object.entries(CAUSES))('%s', (_, { code, cause }) => {
  it.each(ROWS)(
    '%s, onError %s: %s, in span, metric, event and coverage',
    async (actionClass, onError, disposition) => {
      await cause(actionClass, onError);
      expect(await call()).toBe(disposition === 'deny_failclosed' ? 'GUARDSPAN_DENIED' : 'answered');
      expect(await told()).toEqual(everywhere(disposition, code));
    },
  );
});

describe.skipIf(OPA === null)('a Rego engine', () => {
  const folder = new OpaFolder();
  let bundle: string;
  beforeAll(async () => {
    bundle = await folder.bundle('guardspan/residency', [example('residency.rego'), example('tenants.rego')]);
  }, 60_000);
  afterAll(() => folder.close());

  const asks = (actionClass: ActionClass, onError: string, deadline = ''): RevisedGuardrail[] =>
    document(
      `at: request\nuses: {pii: {detector: pii, on: prompt.text}}\nrego: {engine: central, path: guardspan/residency${deadline}}\naction: {${ACTIONS[actionClass]}}\nonError: ${onError}`,
    );
  /** A server that takes the question and says nothing. */
  async function silent(): Promise<{ url: string; asked: () => number; close: () => Promise<unknown> }> {
    let asked = 0;
    const server = createServer(() => void (asked += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = (): Promise<unknown> => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, close };
  }
  /** A process whose clock moves by a step each time it is read, and which declares this engine. */
  function declare(config: RegoConfig['central'], step = 0): RegoEngines {
    let now = 0;
    const engines = new RegoEngines({ central: config! }, { ...systemClock, monotonic: () => (now += step) });
    ({ core, clock } = makeCore({ tracer: () => provider.getTracer('test'), engines }));
    return engines;
  }

  const CAUSES: [string, string, (actionClass: ActionClass, onError: string) => Promise<() => unknown>][] = [
    [
      'in the process, which was over its budget ten times in a row',
      'deadline',
      async (actionClass, onError) => {
        const engines = declare({ bundle, budget: 2 }, 0.003);
        install(core, asks('quality', 'allow'));
        // The time of an evaluation that has begun is over anyway, so its answer counts.
        for (let n = 0; n < 10; n++) await core.begin({ ...BEFORE }).before;
        expect(engines.list()).toMatchObject([{ slow: 10, failed: 0, refused: 0 }]);
        install(core, asks(actionClass, onError));
        return () => {
          expect(engines.list()).toMatchObject([{ asked: 10, refused: 1, out: true }]);
          engines.close();
        };
      },
    ],
    [
      'on a server that is too slow',
      'deadline',
      async (actionClass, onError) => {
        const server = await silent();
        const engines = declare({ url: server.url });
        install(core, asks(actionClass, onError, ', deadline: 200ms'));
        return async () => {
          expect(server.asked()).toBe(1);
          engines.close();
          await server.close();
        };
      },
    ],
    [
      'on a server that failed five times in a row',
      'detector_error',
      async (actionClass, onError) => {
        const server = await silent();
        const engines = declare({ url: server.url });
        install(core, asks('quality', 'allow', ', deadline: 20ms'));
        for (let n = 0; n < 5; n++) await core.begin({ ...BEFORE }).before;
        expect(engines.list()).toMatchObject([{ failed: 5, out: true, refused: 0 }]);
        install(core, asks(actionClass, onError, ', deadline: 5s'));
        return async () => {
          expect(engines.list()).toMatchObject([{ asked: 5, refused: 1 }]);
          engines.close();
          await server.close();
        };
      },
    ],
  ];
  describe.each(CAUSES)('%s', (_, code, cause) => {
    it.each(ROWS)(
      '%s, onError %s: %s, in span, metric, event and coverage',
      async (actionClass, onError, disposition) => {
        const done = await cause(actionClass, onError);
        expect(await call()).toBe(disposition === 'deny_failclosed' ? 'GUARDSPAN_DENIED' : 'answered');
        expect(await told()).toEqual(everywhere(disposition, code));
        await done();
      },
    );
  });
});

describe('a lease that ended', () => {
  it.each([
    ['keep', 'enforced_stale', 'GUARDSPAN_SHUTDOWN'],
    ['allow', 'allow_stale', 'answered'],
    ['deny', 'deny_stale', 'GUARDSPAN_DENIED'],
  ] as const)('onStale %s: %s', async (onStale, disposition, outcome) => {
    install(core, []);
    core.directives.apply(1, 1, [directive('d', { guardrail: 'g', scope: { model: 'm' }, onStale, expiresIn: 60 })]);
    clock.advance(61);
    expect(await call()).toBe(outcome);
    const seen = await told();
    expect(seen).toMatchObject({ metric: [[disposition, 1]], coverage: [['g', disposition]] });
    for (const place of ['span', 'event']) expect(seen[place]).toEqual([[disposition, expect.any(String)]]);
  });
});

describe('no evaluator', () => {
  it.each([
    ['allow', 'allow', 'allow_failopen'],
    ['allow', 'deny', 'deny_stale'],
  ])('onError %s, onStale %s: %s', async (onError, onStale, disposition) => {
    install(
      core,
      document(`over: {window: 1m, every: 0s, signals: {calls: {count: 'true'}}}
when: calls > 3
action: {shutdown: {}}
onError: ${onError}
onStale: ${onStale}`),
    );
    core.live = false;
    expect(await call()).toBe(disposition === 'deny_stale' ? 'GUARDSPAN_DENIED' : 'answered');
    expect(await told()).toEqual(everywhere(disposition, 'no_evaluator'));
  });
});

describe('a detector that failed five times in a row', () => {
  it('is left alone, then tried with a single question, and asked again when that was answered', async () => {
    install(core, judged('content', 'deny'));
    let broken = true;
    let asked = 0;
    let answer: (() => void) | null = null;
    core.declareDetector({
      name: 'judge',
      detect: async () => {
        asked += 1;
        if (broken) throw new Error('broken');
        await new Promise<void>((resolve) => (answer = resolve));
        return [];
      },
    });
    for (let i = 0; i < 5; i++) expect(await call()).toBe('GUARDSPAN_DENIED');
    expect(await call()).toBe('GUARDSPAN_DENIED');
    expect(asked).toBe(5);

    clock.advance(10);
    broken = false;
    const [tried, left] = [call(), call()];
    expect(await left).toBe('GUARDSPAN_DENIED');
    expect(asked).toBe(6);
    answer!();
    expect(await tried).toBe('answered');
    const next = call();
    await Promise.resolve();
    answer!();
    expect(await next).toBe('answered');
    const dispositions = spans.getFinishedSpans().map(({ attributes }) => attributes[ATTR.DISPOSITION]);
    expect(dispositions).toEqual([...Array<string>(7).fill('deny_failclosed'), 'allow', 'allow']);
  });
});
