import {
  dateTime,
  FieldType,
  LoadingState,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
} from '@grafana/data';
import { setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { AuditRecord, Dispositions, GuardrailView, Verdict } from '../api/answers';
import { EvaluatorServer, problem, recorded } from '../test/evaluatorServer';
import { GuardrailsDataSource } from './GuardrailsDataSource';
import type { GuardrailsVariables } from './GuardrailsVariables';
import type { GuardrailsQuery, Topic, VariableQuery } from './query';

const source = new GuardrailsDataSource({ uid: 'g', type: 'g', meta: {} } as DataSourceInstanceSettings);
const [verdict] = recorded<{ items: Verdict[] }>('listVerdicts').items as [Verdict];
const guardrails = recorded<{ items: GuardrailView[] }>('listGuardrails').items;
/** Variables of the dashboard, by name. */
let variables: { [name: string]: string | string[] };
let server: EvaluatorServer;
beforeEach(() => {
  variables = {};
  server = new EvaluatorServer();
  setTemplateSrv({
    getVariables: () => [],
    replace: (text: string, _: unknown, format?: (value: unknown) => string) =>
      text.replace(/\$(\w+)/g, (whole, name: string) =>
        variables[name] === undefined ? whole : (format ?? String)(variables[name]),
      ),
  } as unknown as TemplateSrv);
});

const at = (seconds: number) => dateTime(seconds * 1000);
/** An hour around the recorded verdict. */
const AROUND = { from: verdict.firstAt - 1800, to: verdict.firstAt + 1800 };
const request = (targets: Array<Partial<GuardrailsQuery>>, { from, to } = AROUND) => {
  const range = { from: at(from), to: at(to), raw: { from: at(from), to: at(to) } };
  const queries = targets.map((target, index) => ({ refId: 'ABC'[index], ...target }));
  return { targets: queries, range, scopedVars: {} } as unknown as DataQueryRequest<GuardrailsQuery>;
};
const query = async (...args: Parameters<typeof request>): Promise<DataQueryResponse> =>
  lastValueFrom(source.query(request(...args)));
const frameOf = async (target: Partial<GuardrailsQuery>, span = AROUND): Promise<DataFrame> =>
  (await query([target], span)).data[0] as DataFrame;
const values = (frame: DataFrame, name: string): unknown[] => [
  ...frame.fields.find((one) => one.name === name)!.values,
];

describe('verdicts', () => {
  it('are those that held in the range, each with the fields of its series and a link to why', async () => {
    const frame = await frameOf({ topic: 'verdicts' });
    expect(values(frame, 'time')).toEqual([verdict.firstAt * 1000]);
    expect(values(frame, 'timeEnd')).toEqual([null]);
    expect(values(frame, 'model')).toEqual([verdict.series['model']]);
    expect(values(frame, 'disposition')).toEqual([verdict.disposition]);
    const fields = new Map(frame.fields.map((field) => [field.name, field]));
    expect(fields.get('time')!.type).toBe(FieldType.time);
    expect(fields.get('lasted')!.config.unit).toBe('s');
    expect(fields.get('guardrail')!.config.links![0]!.url).toBe(
      '/a/guardspan-guardrails-app/verdicts/${__data.fields.id}',
    );
    expect(await frameOf({ topic: 'verdicts' }, { from: 1, to: verdict.firstAt - 1 })).toMatchObject({ length: 0 });
  });

  it('that began before the range and still hold are among them, those that were over are not', async () => {
    const over = { ...verdict, id: 'over', releasedAt: verdict.firstAt + 60 };
    server.on('GET', 'verdicts', ({ query: { active } }) => ({
      status: 200,
      body: { items: active === true ? [verdict] : [over] },
    }));
    const later = { from: verdict.firstAt + 3600, to: verdict.firstAt + 7200 };
    expect(values(await frameOf({ topic: 'verdicts' }, later), 'id')).toEqual([verdict.id]);
    expect(values(await frameOf({ topic: 'verdicts' }), 'state')).toEqual(['released', verdict.state]);
  });

  it('are read page by page to the begin of the range, and the frame says when there are more', async () => {
    server.on('GET', 'verdicts', ({ query: { before, active } }) => ({
      status: 200,
      body: {
        items:
          active === true
            ? []
            : Array.from({ length: 1000 }, (_, index) => {
                const firstAt = Math.floor(before as number) - 1 - index / 1000;
                return { ...verdict, id: `${String(before)} ${index}`, firstAt };
              }),
      },
    }));
    const frame = await frameOf({ topic: 'verdicts' });
    expect(frame.length).toBe(5000);
    expect(frame.meta!.notices![0]!.text).toContain('5000');
  });

  it('are narrowed by variables with several values, by globs and by owners', async () => {
    const other = { ...verdict, id: 'other', guardrail: 'other', series: { service: 'shop', model: 'small' } };
    server.on('GET', 'verdicts', { status: 200, body: { items: [verdict, other] } });
    const ids = async (target: Partial<GuardrailsQuery>) =>
      values(await frameOf({ topic: 'verdicts', ...target }), 'id');
    variables = { model: ['small', 'none'], everything: '.*', guardrail: 'other' };
    expect(await ids({ model: '$model' })).toEqual(['other']);
    expect(await ids({ service: 's*p' })).toEqual(['other']);
    expect(await ids({ service: '$everything', model: '$noSuchVariable' })).toHaveLength(2);
    const { owner } = (
      guardrails.find(({ name }) => name === verdict.guardrail)!.guardrail as unknown as {
        metadata: { labels: { owner: string } };
      }
    ).metadata.labels;
    expect(await ids({ owner })).toEqual([verdict.id]);
    await ids({ guardrail: '$guardrail' });
    expect(server.requests.at(-1)!.query).toMatchObject({ guardrail: 'other' });
  });
});

describe('annotations', () => {
  it('of verdicts are regions with a link, and what a message holds is no HTML', async () => {
    server.on('GET', 'verdicts', {
      status: 200,
      body: { items: [{ ...verdict, releasedAt: verdict.firstAt + 60, message: 'a <b> & c' }] },
    });
    const prepared = source.annotations.prepareQuery!({ target: { topic: 'verdicts', refId: 'Anno' } } as never)!;
    const frame = await frameOf(prepared);
    expect(values(frame, 'timeEnd')).toEqual([(verdict.firstAt + 60) * 1000]);
    expect(values(frame, 'title')).toEqual([`${verdict.guardrail} was violated`]);
    expect(values(frame, 'text')[0]).toContain('a &lt;b&gt; &amp; c');
    expect(values(frame, 'text')[0]).toContain(`/a/guardspan-guardrails-app/verdicts/${verdict.id}`);
    expect(String(values(frame, 'tags')[0]).split(',')).toContain(`model:${verdict.series['model']}`);
  });

  it('of changes say who and what', async () => {
    const [record] = recorded<{ items: AuditRecord[] }>('queryAudit').items;
    const prepared = source.annotations.prepareQuery!({ target: { topic: 'revisions', refId: 'Anno' } } as never)!;
    const frame = await frameOf(prepared, { from: record!.at - 60, to: record!.at + 60 });
    expect(values(frame, 'title')[0]).toContain(record!.guardrail);
    expect(values(frame, 'text')[0]).toContain(record!.actor);
  });

  it('read verdicts when they name nothing that makes marks', () => {
    expect(source.annotations.prepareQuery!({} as never)).toMatchObject({ topic: 'verdicts', annotation: true });
  });
});

describe('dispositions', () => {
  const all = recorded<Dispositions>('listDispositions');
  const span = { from: all.since, to: all.since + 60 };

  it('are a field each over time, with zeros where nothing came', async () => {
    const frame = await frameOf({ topic: 'dispositions' }, span);
    expect(frame.fields.map(({ name }) => name)).toEqual(['time', 'enforced']);
    expect(values(frame, 'enforced').slice(0, 3)).toEqual([90, 195, 0]);
    expect(frame.meta!.notices).toEqual([]);
  });

  it('say that there is only an hour of them when the range is longer', async () => {
    const frame = await frameOf({ topic: 'dispositions' }, { from: all.since - 3600, to: all.since + 60 });
    expect(frame.meta!.notices![0]!.text).toContain('Prometheus');
  });

  it('are added up over the guard-rails that are meant, and not over more than 50', async () => {
    const frame = await frameOf({ topic: 'dispositions', guardrail: '*-model' }, span);
    const asked = server.requests.filter(({ path }) => path === 'dispositions').map((one) => one.query['guardrail']);
    expect(asked).toEqual(
      guardrails
        .map(({ name }) => name)
        .filter((name) => name.endsWith('-model'))
        .sort(),
    );
    expect(values(frame, 'enforced')[0]).toBe(90 * asked.length);
    const many = Array.from({ length: 51 }, (_, index) => ({ ...guardrails[0]!, name: `g-${index}` }));
    server.on('GET', 'guardrails', { status: 200, body: { items: many } });
    await expect(query([{ topic: 'dispositions', guardrail: 'g-*' }])).rejects.toThrow(/51 guard-rails/);
  });
});

it('evidence is a frame for each series, with the threshold beside it', async () => {
  const item = {
    ...{ guardrail: 'equal', series: { model: 'm' }, state: 'ok', test: 'rate', mode: 'robust', needed: null },
    evidence: {
      value: 3,
      threshold: 8.5,
      path: [
        [1, 0],
        [2, 3],
        [9, 4],
      ],
      crossedAt: 0,
      crossedCalls: 0,
    },
    promise: { status: 'kept', reasons: [], text: '' },
    ...{ counters: { calls: 1, buckets: 1, late: 0 }, firstOffendingBucket: 0, groups: [], causes: [], summary: '' },
  };
  server.on('GET', 'evidence', { status: 200, body: { items: [item, { ...item, series: { model: 'n' } }] } });
  const { data } = await query([{ topic: 'evidence', model: 'm' }], { from: 0, to: 5 });
  expect(data).toHaveLength(1);
  const [frame] = data as [DataFrame];
  expect([values(frame, 'time'), values(frame, 'evidence'), values(frame, 'threshold')]).toEqual([
    [1000, 2000],
    [0, 3],
    [8.5, 8.5],
  ]);
  expect(frame.fields[1]!.labels).toEqual({ guardrail: 'equal', model: 'm' });
  expect(frame.fields[1]!.config.displayNameFromDS).toBe('equal · m');
});

it.each<[Topic, string, unknown]>([
  ['series', 'signal', 'men'],
  ['guardrails', 'mode', 'enforce'],
  ['coverage', 'coverage', 1],
  ['fleet', 'current', true],
  ['revisions', 'change', 'created'],
])('%s are a table with titles', async (topic, name, first) => {
  const frame = await frameOf({ topic }, { from: 0, to: verdict.firstAt + 60 });
  expect(values(frame, name)[0]).toBe(first);
  expect(frame.fields.every(({ config }) => (config.displayNameFromDS ?? '') !== '')).toBe(true);
});

it('shares of coverage are shares, and gaps are counted', async () => {
  const frame = await frameOf({ topic: 'coverage', service: 'assistant' });
  expect(frame.fields.find(({ name }) => name === 'coverage')!.config).toMatchObject({ unit: 'percentunit', max: 1 });
  expect(new Set(values(frame, 'service'))).toEqual(new Set(['assistant']));
  server.on('GET', 'coverage', {
    status: 200,
    body: {
      ...recorded<object>('getCoverage'),
      gaps: [{ service: 'shop', reason: 'no_package', name: 'api.example.com', count: 7 }],
    },
  });
  expect(values(await frameOf({ topic: 'gaps' }), 'calls')).toEqual([7]);
});

it('tells of a query that failed and shows the others', async () => {
  server.on('GET', 'fleet', problem(500, 'GUARDSPAN_INTERNAL', 'The store is gone.'));
  const { data, errors, state } = await query([{ topic: 'fleet' }, { topic: 'coverage' }]);
  expect(data).toHaveLength(1);
  expect(state).toBe(LoadingState.Error);
  expect(errors).toEqual([{ refId: 'A', message: expect.stringContaining('The store is gone.') }]);
});

it('leaves out what is hidden, and queries of other data sources', async () => {
  expect((await query([{ topic: 'fleet', hide: true }, { expr: 'up' } as object])).data).toEqual([]);
});

describe('the test button', () => {
  it('says what it is connected to', async () => {
    expect(await source.testDatasource()).toMatchObject({
      status: 'success',
      message: expect.stringContaining('Connected to evaluator 0.1.0'),
    });
  });

  it.each([
    [{ status: 502, body: {} }, /cannot be reached/],
    [problem(401, 'GUARDSPAN_TOKEN', 'It is not one of ours.'), /does not know the token/],
    [{ status: 403, body: { message: 'access denied' } }, /You lack a permission/],
    [{ status: 404, body: { message: 'Plugin not enabled' } }, /The app is not set up/],
  ])('names what is wrong: %j', async (answer, message) => {
    server.onEverything(answer);
    expect(await source.testDatasource()).toMatchObject({ status: 'error', message: expect.stringMatching(message) });
  });
});

describe('variables', () => {
  const ask = async (target: Partial<VariableQuery>): Promise<string[]> => {
    const variable = { ...request([]), targets: [{ refId: 'V', ...target }] } as never;
    const { data } = await lastValueFrom((source.variables as GuardrailsVariables).query(variable));
    return (data as Array<{ text: string }>).map(({ text }) => text);
  };

  it.each<[VariableQuery['values'], string[]]>([
    ['guardrail', guardrails.map(({ name }) => name).sort()],
    ['model', ['admissions', 'large-model', 'report-model', 'summary-model']],
    ['service', ['admissions', 'assistant']],
    ['version', ['1']],
    ['environment', []],
  ])('of %ss are the names that are there', async (topic, expected) => {
    expect(await ask({ values: topic })).toEqual(expected);
  });

  it('follow those before them in a chain', async () => {
    variables = { service: 'admissions' };
    expect(await ask({ values: 'model', service: '$service' })).toEqual(['admissions']);
    expect(await ask({ values: 'guardrail', service: '$service' })).toEqual(['equal-admission']);
    expect(await ask({ values: 'service', model: 'report-model' })).toEqual(['assistant']);
  });

  it('say what is wrong when they cannot be read', async () => {
    server.onEverything({ status: 502, body: {} });
    await expect(ask({ values: 'owner' })).rejects.toThrow(/cannot be reached/);
  });
});

it('hands queries on to Explore with the values of variables', () => {
  variables = { model: 'large' };
  const made = source.interpolateVariablesInQueries([{ refId: 'A', topic: 'series', model: '$model' }], {});
  expect(made).toEqual([{ refId: 'A', topic: 'series', model: 'large' }]);
});
