import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createModelCall } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import { readMapping, readOtlpLine, readTable, replay } from '../../src/replay/index.js';
import type { ReplayCall } from '../../src/replay/index.js';
import { documents } from '../engine/support.js';

const ROOT = new URL('../../../', import.meta.url);
const TABLE = new URL('../shared/data/compas/compas-scores-two-years.csv', ROOT);
const present = existsSync(TABLE);
if (!present) console.log('skipped: the COMPAS table is not on this machine (../shared/data/compas)');

function examples(folder: string): RevisedGuardrail[] {
  const at = new URL(`docs/examples/${folder}/`, ROOT);
  return readdirSync(at)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => documents(readFileSync(new URL(name, at), 'utf8')));
}

describe.runIf(present)('the COMPAS example', () => {
  const mapping = readMapping(
    readFileSync(new URL('docs/examples/compas/calls.mapping', ROOT), 'utf8'),
    'calls.mapping',
  );
  const calls = present ? readTable(readFileSync(TABLE, 'utf8'), 'compas.csv', mapping).calls : [];
  const result = replay(examples('compas'), calls, { perBucket: 50 });
  const of = (name: string) => result.guardrails.find((one) => one.name === name)!.evidence[0]!;

  it('gives 71.567 nats against equal false positive rates (44.85 and 23.45 %), from row 200 on', () => {
    const { evidence, groups } = of('false-positive-rates');
    expect(evidence.value).toBeCloseTo(71.567, 3);
    expect(evidence.crossedCalls).toBe(200);
    expect(groups.map(({ rate }) => Math.round(rate * 10_000) / 100)).toEqual([44.85, 23.45]);
  });
  it('gives 46.852 nats against equal false negative rates, from row 400 on', () => {
    const { evidence } = of('false-negative-rates');
    expect(evidence.value).toBeCloseTo(46.852, 3);
    expect(evidence.crossedCalls).toBe(400);
  });
  it('counts no group that a test leaves out as one that it could not judge', () => {
    for (const { notJudged, hints } of result.guardrails) expect([notJudged.calls, hints]).toEqual([0, []]);
  });
  it('never speaks against predictive parity', () => {
    expect(of('predictive-parity').evidence.crossedAt).toBe(-1);
    expect(result.timeline.map(({ guardrail }) => guardrail)).not.toContain('predictive-parity');
  });
});

const RATE = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {bad: 'yes'}}}
  mode: warn
`);
function stream(): ReplayCall[] {
  return Array.from({ length: 6_000 }, (_, i): ReplayCall => {
    const call = createModelCall();
    call.model.name = 'm';
    call.startedAt = 1_800_000_000 + i / 100;
    call.error.type = i % (i < 3_000 ? 60 : 12) === 0 ? 'timeout' : '';
    return { call, id: `c${i}`, traceId: '', facts: [] };
  });
}

describe('a replay', () => {
  it('gives the bits that the engine gave when the calls came in live, in batches', () => {
    const calls = stream();
    const live = createEngine({ newId: () => 'v' });
    live.load(RATE, calls[0]!.call.startedAt);
    for (let from = 0; from < calls.length; from += 37) {
      const batch = calls.slice(from, from + 37);
      const records = batch.map(({ call, id }) => ({
        call,
        id: { traceId: '', spanId: '', callId: id },
        source: 'feed' as const,
        sampled: false,
        instance: 'i',
        incarnation: 'n',
      }));
      live.accept(records, batch[batch.length - 1]!.call.startedAt + 0.05);
    }
    live.tick(calls[calls.length - 1]!.call.startedAt + 10);
    const { guardrails, timeline } = replay(RATE, calls, null);
    const online = live.reports('errors')[0]!;
    expect(Object.is(guardrails[0]!.evidence[0]!.evidence.value, online.evidence.value)).toBe(true);
    expect(guardrails[0]!.evidence[0]!.evidence.path).toEqual(online.evidence.path);
    expect(timeline.map(({ to }) => to)).toEqual(['firing']);
  });

  it('is silent when nothing changes', () => {
    const calls = stream().slice(0, 3_000);
    expect(replay(RATE, calls, null).timeline).toEqual([]);
  });

  it('judges a document in enforce as in warn: evidence goes on after it fires', () => {
    const calls = stream();
    const [one] = RATE;
    const { spec } = one!.guardrail;
    const enforced: RevisedGuardrail = {
      revision: one!.revision,
      guardrail: {
        ...one!.guardrail,
        spec: { ...spec, mode: 'enforce', action: { type: 'shutdown' } as typeof spec.action },
      },
    };
    const warned = replay(RATE, calls, null);
    const { guardrails, timeline } = replay([enforced], calls, null);
    expect(guardrails[0]).toMatchObject({ mode: 'enforce', judgedAs: 'warn' });
    expect(warned.guardrails[0]).toMatchObject({ mode: 'warn', judgedAs: 'warn' });
    expect(guardrails[0]!.evidence).toEqual(warned.guardrails[0]!.evidence);
    expect(guardrails[0]!.evidence[0]!.counters.calls).toBe(calls.length);
    expect(timeline).toEqual(warned.timeline);
  });

  it('waits for truths that come later, each with its own delay', () => {
    const gap = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: repaid}
spec:
  over:
    every: 60s
    groupBy: [model]
    test: {rate: {of: "truth.repaid == true", min: 0.7}}
    promise: {alpha: 0.05}
  action: {annotate: {attributes: {bad: 'yes'}}}
  mode: warn
`);
    const csv = [
      'at,model,repaid',
      ...Array.from({ length: 1_600 }, (_, i) => `${1_800_000_000 + i},m,${i % 2 === 0}`),
    ];
    const mapping = readMapping(
      'apiVersion: guardspan/v1alpha1\nkind: CallMapping\ntime: {epoch: at}\nmodel: model\ntruth: {repaid: {column: repaid, delay: 1h}}\n',
      'm',
    );
    const [one] = replay(gap, readTable(csv.join('\n'), 't.csv', mapping).calls, null).guardrails;
    expect(one!.evidence[0]!.counters.calls).toBe(1_600);
    expect(one!.evidence[0]!.evidence.crossedAt).toBeGreaterThan(1_800_000_000 + 3_600);
  });

  it('reads what the file exporter of the Collector writes', () => {
    const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'chat m',
      startTimeUnixNano: '1800000000000000000',
      endTimeUnixNano: '1800000001000000000',
      attributes: [
        attribute('gen_ai.operation.name', 'chat'),
        attribute('gen_ai.request.model', 'm'),
        attribute('gen_ai.system', 'openai'),
      ],
    };
    const line = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] });
    const [call] = readOtlpLine(line, 'f:1');
    expect(call!.call).toMatchObject({ model: { name: 'm' }, startedAt: 1_800_000_000, duration: 1 });
    expect(() => readOtlpLine('{"resourceSpans": 3}', 'f:7')).toThrow('f:7');
  });
});

describe('a table that cannot be read', () => {
  const head = 'apiVersion: guardspan/v1alpha1\nkind: CallMapping\n';
  it.each([
    ['without a mapping', 'a,created_at\n1,2', undefined, /says what its columns mean/],
    [
      'with a column that is not there',
      'a,b\n1,2',
      `${head}time: {rowsPerSecond: 1}\nmodel: nope\n`,
      /no column "nope"/,
    ],
    [
      'with no time in any row',
      'a,b\n1,yesterday',
      `${head}time: {iso: b}\nmodel: a\n`,
      /no row has a time .*row 1, column "b": "yesterday" is no time/,
    ],
    ['with ragged rows', 'a,b\n1\n', `${head}time: {rowsPerSecond: 1}\nmodel: a\n`, /Record Length/],
  ])('%s says what to do', (_name, csv, mapping, message) => {
    const read = (): unknown => readTable(csv, 't.csv', mapping === undefined ? undefined : readMapping(mapping, 'm'));
    expect(read).toThrow(message);
  });
  it('leaves rows without a time out, counts them, and names the first', () => {
    const mapping = readMapping(`${head}sort: [b]\ntime: {iso: b}\nmodel: a\n`, 'm');
    const table = readTable('a,b\nx,2026-01-02\ny,soon\nz,2026-01-01\nw,\n', 't.csv', mapping);
    expect(table.calls.map(({ call }) => call.model.name)).toEqual(['z', 'x']);
    expect(table.leftOut).toEqual({ rows: 2, first: { row: 2, line: 3, text: 'soon' } });
  });
  it('suggests a mapping that can be read', () => {
    try {
      readTable('created_at,age\n2026-01-01,3', 't.csv', undefined);
      expect.unreachable();
    } catch (error) {
      const { hint } = error as { hint: string };
      expect(hint).toContain('iso: "created_at"');
      const text = hint.slice(hint.indexOf('apiVersion'));
      expect(readTable('created_at,age\n2026-01-01,3', 't.csv', readMapping(text, 'm')).calls[0]!.call.startedAt).toBe(
        Date.parse('2026-01-01') / 1000,
      );
    }
  });
  it('names the key of a mapping that is wrong', () => {
    expect(() => readMapping(`${head}time: {iso: a}\nmodel: a\nfeatures: 3\n`, 'my.mapping')).toThrow(
      /my.mapping: features/,
    );
  });
});

describe('calls that lack what a test reads', () => {
  const mapping = readMapping(
    [
      'apiVersion: guardspan/v1alpha1',
      'kind: CallMapping',
      'time: {rowsPerSecond: 1}',
      'model: {value: m}',
      'output: {label: decision}',
      'group: {sex: sex}',
      'truth: {bad: {column: bad, map: {1: true, 0: false}, delay: 1h}}',
    ].join('\n'),
    'm',
  );
  const table = (rows: string): ReplayCall[] => readTable(`decision,sex,bad\n${rows}\n`, 't.csv', mapping).calls;
  const lacking = (test: string, rows: string): { calls: number; first: string } => {
    const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec:
  over: {every: 1h, groupBy: [model], test: ${test}, promise: {alpha: 0.05}}
  action: {annotate: {attributes: {a: 'yes'}}}
  mode: warn
`;
    return replay(documents(text), table(rows), null).guardrails[0]!.notJudged;
  };
  const GAP = `{rateGap: {attribute: sex, of: "output.label == 'yes'", among: "truth.bad == true", ratio: 0.8}}`;

  it('are those whose truth or group never comes, not those whose truth comes later', () => {
    expect(lacking(GAP, 'yes,f,1\nno,m,1')).toEqual({ calls: 0, first: '' });
    expect(lacking(GAP, 'yes,f,1\nyes,f,\nno,,1\nno,,')).toMatchObject({ calls: 3, first: 'row 2' });
  });
  it('are not those that the test leaves out', () => {
    expect(lacking(GAP, 'yes,f,0\nno,,0').calls).toBe(0);
    const repaid = `{rate: {of: "truth.bad == true", among: "output.label == 'yes'", max: 0.5}}`;
    expect(lacking(repaid, 'yes,f,1\nno,f,\nyes,f,').calls).toBe(1);
  });
});
