import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallEnd } from '@guardspan/policy/runtime';
import type { Patch } from '../../src/loader/patch.js';
import { declareModel } from '../../src/models/onnx/declared-models.js';
import { patchOnnxruntime } from '../../src/models/onnx/patch-onnxruntime.js';
import { allow, FakeRuntime } from '../support/fake-runtime.js';
import { onnxModel } from '../support/onnx-file.js';

let directory: string;
let fake: FakeRuntime;
let patch: Patch | null;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'guardspan-onnx-'));
  writeFileSync(join(directory, 'credit-risk.onnx'), onnxModel('Sigmoid', 1));
  writeFileSync(join(directory, 'declared.onnx'), onnxModel('Sigmoid', 2));
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  fake = new FakeRuntime();
  patch = patchOnnxruntime(ort, '1.30.0', fake);
});
afterEach(() => patch?.undo());

function row(...values: number[]): { x: ort.Tensor } {
  return { x: new ort.Tensor('float32', values, [1, values.length]) };
}

const end: CallEnd = {
  kind: 'shutdown',
  guardrail: 'drift',
  verdict: 'v',
  status: 503,
  retryAfter: 0,
  guidance: '',
  message: 'Stopped',
  fallback: '',
};

describe('onnxruntime-node, patched', () => {
  it('names a model by its file and versions it by its bytes', async () => {
    const session = await ort.InferenceSession.create(join(directory, 'credit-risk.onnx'));
    const { score } = await session.run(row(0));
    expect(score?.data).toEqual(Float32Array.of(0.5));
    const [call] = fake.calls;
    expect(call?.start.model).toMatchObject({ name: 'credit-risk', framework: 'onnx' });
    expect(call?.start.model.version).toMatch(/^[0-9a-f]{12}$/);
    expect(call?.start.features).toEqual({ x: 0 });
    expect(call?.answers[0]?.output).toEqual({ score: 0.5, values: { score: 0.5 } });
    expect(call?.ended).toBe(1);
  });

  it('gives two models in memory two versions', async () => {
    for (const operator of ['Sigmoid', 'Neg'] as const) {
      const bytes = onnxModel(operator, 1);
      await (await ort.InferenceSession.create(bytes)).run(row(1));
      const buffer = await ort.InferenceSession.create(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
      await buffer.run(row(1));
    }
    const versions = fake.calls.map((call) => call.start.model.version);
    expect(versions[0]).toBe(versions[1]);
    expect(versions[2]).toBe(versions[3]);
    expect(versions[0]).not.toBe(versions[2]);
  });

  it('uses the declared name, columns and meaning of the answer', async () => {
    declareModel(join(directory, 'declared.onnx'), {
      name: 'admissions',
      version: '3.1',
      kind: 'classifier',
      features: ['age', 'income'],
      output: () => ({ label: 'approve', values: { margin: 1, other: 2 } }),
    });
    fake.captured = { features: ['income'], outputs: ['margin'] };
    const session = await ort.InferenceSession.create(join(directory, 'declared.onnx'));
    await session.run(row(30, 2));
    const [call] = fake.calls;
    expect(call?.start.model).toMatchObject({ name: 'admissions', version: '3.1', kind: 'classifier' });
    expect(call?.start.features).toEqual({ income: 2 });
    expect(call?.answers[0]?.output).toEqual({ label: 'approve', values: { margin: 1 } });
  });

  it('reads nothing when nobody asks for it', async () => {
    fake.captured = { features: 'none', outputs: 'none' };
    const session = await ort.InferenceSession.create(onnxModel('Sigmoid', 1));
    await session.run(row(0));
    expect(fake.calls[0]?.start.features).toBeUndefined();
    expect(fake.calls[0]?.answers[0]?.output?.values).toEqual({});
  });

  it('refuses, and answers from a fallback session when one is declared', async () => {
    const session = await ort.InferenceSession.create(onnxModel('Sigmoid', 1));
    fake.atRequest = () => allow({ action: 'shutdown', end });
    await expect(session.run(row(1))).rejects.toMatchObject({ code: 'GUARDSPAN_SHUTDOWN' });
    const previous = await ort.InferenceSession.create(onnxModel('Neg', 1));
    declareModel(previous, { name: 'previous', version: '2' });
    fake.declareTarget({ name: 'previous-version', client: previous });
    fake.atRequest = () => allow({ action: 'shutdown', end: { ...end, fallback: 'previous-version' } });
    const { score } = await session.run(row(1));
    expect(score?.data).toEqual(Float32Array.of(-1));
    expect(fake.calls[1]?.rerouted).toMatchObject([
      { to: 'previous-version', model: { name: 'previous', version: '2' } },
    ]);
  });

  it('fails as the runtime fails', async () => {
    const session = await ort.InferenceSession.create(onnxModel('Sigmoid', 1));
    await expect(session.run({})).rejects.toThrow("input 'x' is missing");
    expect(fake.calls[0]?.failures).toHaveLength(1);
    await expect(session.run(null as never)).rejects.toThrow(TypeError);
    await expect(ort.InferenceSession.create(join(directory, 'absent.onnx'))).rejects.toThrow(/absent/);
  });
});
