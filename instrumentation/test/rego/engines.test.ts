import { execFileSync } from 'node:child_process';
import { createModelCall, readOutcome, regoInput } from '@guardspan/policy/runtime';
import type { CallValue, RegoInput } from '@guardspan/policy/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/guard/clock.js';
import { readBundle } from '../../src/rego/read-bundle.js';
import { createServerEngine } from '../../src/rego/server-engine.js';
import type { ServerEngine, WasmEngine } from '../../src/rego/types.js';
import { createWasmEngine } from '../../src/rego/wasm-engine.js';
import { bytesOf, example, OPA, OpaFolder } from './opa.js';

const RESIDENCY = 'guardspan/residency';
const TOOLS = 'guardspan/tools';

const word = fc.constantFrom('', 'acme', 'globex', 'nobody', 'eu', 'us');
const residencyInput = fc.record({ tenant: word, region: word, count: fc.nat(3) }).map(({ tenant, region, count }) => {
  const call = { ...createModelCall(), tenant, attrs: { region } };
  return regoInput('request', call, { pii: { count, maxScore: count === 0 ? 0 : 0.9, entities: [] } });
});
const toolsInput = fc
  .array(
    fc.record({
      name: fc.constantFrom('search', 'transfer', 'shell', 'ünïcode "quoted"'),
      arguments: fc.dictionary(
        fc.constantFrom('amount', 'to'),
        fc.oneof(fc.double({ noNaN: true }), fc.jsonValue(), fc.nat(200)) as fc.Arbitrary<CallValue>,
      ),
    }),
    { maxLength: 4 },
  )
  .map((toolCalls) => regoInput('response', { ...createModelCall(), toolCalls }, {}));

describe.skipIf(OPA === null)('a policy in WebAssembly, in servers (unix socket, TCP) and in opa eval', () => {
  const folder = new OpaFolder();
  // Data as a document of the bundle, beside the examples' own, which is a module.
  const data = folder.write(
    'data.json',
    JSON.stringify({ tenants: { acme: { residency: 'eu' }, globex: { residency: 'us' } } }),
  );
  const SOURCES = [example('residency.rego'), example('tool-calls.rego'), data];
  let wasm: WasmEngine;
  let server: ServerEngine;
  let remote: ServerEngine;
  beforeAll(async () => {
    const bundle = bytesOf(await folder.bundle(RESIDENCY, SOURCES, '-e', TOOLS, '-r', 'v7'));
    wasm = createWasmEngine({
      name: 'all',
      bundle: readBundle(bundle, 'all'),
      budget: 1000,
      now: systemClock.monotonic,
    });
    server = createServerEngine('all', { url: `unix://${await folder.serve(SOURCES)}` }, systemClock);
    remote = createServerEngine('remote', { url: await folder.serveTcp(SOURCES) }, systemClock);
  }, 60_000);
  afterAll(async () => {
    server.close();
    remote.close();
    await folder.close();
  });

  it.each([
    [RESIDENCY, residencyInput],
    [TOOLS, toolsInput],
  ] as const)('%s gives the same decision for generated inputs', async (path, inputs) => {
    const sample: RegoInput[] = fc.sample(inputs as fc.Arbitrary<RegoInput>, { numRuns: 200, seed: 11 });
    const evaluated = await folder.evaluate(path, SOURCES, sample);
    expect(evaluated).toHaveLength(sample.length);
    const says = new Set<string>();
    for (const [index, input] of sample.entries()) {
      const expected = readOutcome(evaluated[index]);
      says.add(expected.says);
      expect(readOutcome((wasm.ask(path, input) as { value: unknown }).value), JSON.stringify(input)).toEqual(expected);
      for (const engine of [server, remote]) {
        const answer = await engine.ask(path, input, 5);
        expect(readOutcome((answer as { value: unknown }).value), JSON.stringify(input)).toEqual(expected);
      }
    }
    expect(says.size).toBeGreaterThan(1);
  });

  it('knows the revision of the bundle and counts what it was asked', () => {
    expect(wasm.state()).toMatchObject({ revision: 'v7', failed: 0, out: false });
    expect(wasm.state().asked).toBe(400);
  });

  it('answers nothing for a package that is not there', async () => {
    const [input] = fc.sample(residencyInput, 1);
    expect(wasm.ask('guardspan/nowhere', input!)).toMatchObject({ failure: 'detector_error' });
    expect(await server.ask('guardspan/nowhere', input!, 5)).toEqual({ value: undefined });
    expect(() => readOutcome(undefined)).toThrowError(expect.objectContaining({ code: 'GUARDSPAN_REGO_UNDEFINED' }));
  });

  it('refuses built-ins that do not exist in the process when it is loaded, each by name', async () => {
    const source = folder.write(
      'outside.rego',
      `package outside
deny contains "x" if http.send({"method": "get", "url": "http://127.0.0.1"}).status_code == 200
deny contains "y" if time.now_ns() > 3
deny contains "z" if regex.split("(a+)+$", input.point)[0] == ""
deny contains "ok" if sprintf("%v", [1]) == "1"
`,
    );
    const bundle = readBundle(bytesOf(await folder.bundle('outside', [source])), 'outside');
    expect(() => createWasmEngine({ name: 'outside', bundle, now: systemClock.monotonic })).toThrowError(
      expect.objectContaining({
        code: 'GUARDSPAN_REGO_BUILTIN',
        message: expect.stringMatching(/: http\.send, regex\.split, time\.now_ns$/) as string,
      }),
    );
  });

  it('turns what WebAssembly throws into an answer, and goes on', async () => {
    const source = folder.write(
      'conflict.rego',
      `package conflict
deny contains "always"
decision := "allow" if input.point == "request"
decision := "deny" if input.call.tenant == "twice"
`,
    );
    const bundle = readBundle(bytesOf(await folder.bundle('conflict', [source])), 'conflict');
    const engine = createWasmEngine({ name: 'conflict', bundle, now: systemClock.monotonic });
    const ask = (tenant: string) => engine.ask('conflict', { point: 'request', call: { tenant }, detectors: {} });
    expect(ask('twice')).toMatchObject({
      failure: 'detector_error',
      message: expect.stringContaining('conflict') as string,
    });
    expect(ask('once')).toEqual({ value: { deny: ['always'], decision: 'allow' } });
    expect(engine.state()).toMatchObject({ asked: 2, failed: 1 });
  });

  it('is not asked for a while after ten evaluations over its budget, then tried once', async () => {
    const bundle = readBundle(bytesOf(await folder.bundle(RESIDENCY, SOURCES)), 'slow');
    let now = 0;
    let step = 0.003;
    const engine = createWasmEngine({ name: 'slow', bundle, budget: 2, now: () => (now += step) });
    const [input] = fc.sample(residencyInput, 1);
    for (let n = 0; n < 10; n += 1) expect(engine.ask(RESIDENCY, input!)).toHaveProperty('value');
    expect(engine.ask(RESIDENCY, input!)).toMatchObject({ failure: 'deadline' });
    expect(engine.state()).toMatchObject({ slow: 10, refused: 1, out: true });
    now += 31;
    step = 0.0001;
    expect(engine.ask(RESIDENCY, input!)).toHaveProperty('value');
    expect(engine.state()).toMatchObject({ out: false });
  });

  it('answers within its deadline, leaves a dead server alone, and asks it again later', async () => {
    const alone = new OpaFolder();
    let skew = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + skew };
    const socket = await alone.serve(SOURCES);
    const engine = createServerEngine('alone', { url: `unix://${socket}` }, clock);
    const [input] = fc.sample(residencyInput, 1);
    expect(await engine.ask(RESIDENCY, input!, 5)).toHaveProperty('value');
    await alone.stop();
    for (let n = 0; n < 5; n += 1)
      expect(await engine.ask(RESIDENCY, input!, 0.2)).toMatchObject({ failure: 'detector_error' });
    expect(engine.state()).toMatchObject({ out: true, failed: 5 });
    expect(await engine.ask(RESIDENCY, input!, 0.2)).toMatchObject({
      message: expect.stringContaining('left alone') as string,
    });
    const again = await alone.serve(SOURCES);
    expect(again).toBe(socket);
    skew = 11;
    expect(await engine.ask(RESIDENCY, input!, 5)).toHaveProperty('value');
    expect(engine.state()).toMatchObject({ out: false, refused: 1 });
    engine.close();
    await alone.close();
  }, 30_000);
});

describe.skipIf(OPA === null)('docs/examples/rego', () => {
  it('passes its own tests, is formatted and strict', () => {
    const folder = example('');
    expect(execFileSync(OPA!, ['test', '--ignore=*.yaml', folder], { encoding: 'utf8' })).toMatch(/^PASS: \d+\/\d+/m);
    expect(execFileSync(OPA!, ['fmt', '--list', folder], { encoding: 'utf8' })).toBe('');
    expect(execFileSync(OPA!, ['check', '--strict', '--ignore=*.yaml', folder], { encoding: 'utf8' })).toBe('');
  });
});
