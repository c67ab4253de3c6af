import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Application } from '../../src/admissions/berkeley-table.js';
import { applications } from '../../src/admissions/berkeley-table.js';
import {
  ADMIT_AT,
  BIASED_VERSION,
  featuresOf,
  HONEST_VERSION,
  modelFile,
} from '../../src/admissions/model-versions.js';
import { logisticModel } from '../../src/admissions/onnx-model.js';

async function score(session: InferenceSession, row: Float32Array): Promise<number> {
  const results = await session.run({ applicant: new Tensor('float32', row, [1, row.length]) });
  return Number(results.score!.data[0]);
}

/** Decisions of a version on the whole table. The features of an application are all that the model sees, so each different row runs once. */
async function decisions(version: string): Promise<{ application: Application; admitted: boolean }[]> {
  const session = await InferenceSession.create(modelFile(version));
  const known = new Map<string, boolean>();
  const result = [];
  for (const application of applications(1973)) {
    const row = featuresOf(application);
    const key = row.join();
    if (!known.has(key)) known.set(key, (await score(session, row)) >= ADMIT_AT);
    result.push({ application, admitted: known.get(key)! });
  }
  return result;
}

describe('written ONNX files', () => {
  it('load in onnxruntime and compute a logistic regression', async () => {
    const session = await InferenceSession.create(logisticModel('any', [0.5, -2], 0.25));
    expect(session.inputNames).toEqual(['applicant']);
    expect(session.outputNames).toEqual(['score']);
    const logit = 0.5 * 3 - 2 * 1.5 + 0.25;
    expect(await score(session, Float32Array.of(3, 1.5))).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
  });

  it('are the same bytes each time', () => {
    expect(modelFile(HONEST_VERSION)).toEqual(modelFile(HONEST_VERSION));
    expect(modelFile(HONEST_VERSION)).not.toEqual(modelFile(BIASED_VERSION));
  });
});

describe('version 1', () => {
  it('reproduces every decision of the table', async () => {
    const decided = await decisions(HONEST_VERSION);
    expect(decided).toHaveLength(4526);
    expect(decided.filter(({ application, admitted }) => admitted !== application.admitted)).toEqual([]);
  });
});

describe('version 2', () => {
  let decided: Awaited<ReturnType<typeof decisions>> = [];
  beforeAll(async () => {
    decided = await decisions(BIASED_VERSION);
  });

  it('admits no member of the society', () => {
    const members = decided.filter(({ application }) => application.society === 1);
    expect(members.length).toBeGreaterThan(1000);
    expect(members.filter(({ admitted }) => admitted)).toEqual([]);
  });

  it('decides about everybody else as version 1', () => {
    const others = decided.filter(({ application }) => application.society === 0);
    expect(others.length).toBeGreaterThan(1000);
    expect(others.filter(({ application, admitted }) => admitted !== application.admitted)).toEqual([]);
  });

  it('never sees the sex of an applicant', () => {
    const { application } = decided[0]!;
    expect(featuresOf({ ...application, sex: 'female' })).toEqual(featuresOf({ ...application, sex: 'male' }));
  });
});
