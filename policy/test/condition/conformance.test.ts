import { describe, expect, it } from 'vitest';
import { CLAIMED, claimedCases, suiteFiles, UNCLAIMED } from './conformance/cases.js';
import { reasonOf } from './conformance/reasons.js';
import { runCase } from './conformance/run-case.js';

// The suite of the CEL specification (github.com/google/cel-spec v0.25.1, tests/simple), as @bufbuild/cel-spec ships it.
describe('conformance of guard CEL', () => {
  const cases = claimedCases();
  const failures = cases
    .map((test) => ({ test, outcome: runCase(test) }))
    .filter(({ outcome }) => outcome !== 'pass')
    .map((failure) => ({ ...failure, reason: reasonOf(failure.test, failure.outcome) }));

  it('claims or leaves out each file of the suite', () => {
    expect([...CLAIMED, ...Object.keys(UNCLAIMED)].sort()).toEqual([...suiteFiles].sort());
    expect(cases.length).toBeGreaterThan(1000);
    expect(new Set(cases.map((test) => test.id)).size).toBe(cases.length);
  });

  it('has a reason for each test that fails', () => {
    expect(
      failures.filter(({ reason }) => reason === undefined).map(({ test, outcome }) => [test.id, outcome]),
    ).toEqual([]);
  });

  it('fails the tests that are listed, for the reason that is listed, and no others (run this file with -u to write the list)', async () => {
    const list = Object.fromEntries(failures.map(({ test, reason }) => [test.id, reason]));
    await expect(`${JSON.stringify(list, null, 2)}\n`).toMatchFileSnapshot('./conformance/expected-failures.json');
  });
});
