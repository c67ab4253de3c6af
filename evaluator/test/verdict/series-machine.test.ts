import { describe, expect, test } from 'vitest';
import { SERIES_STATES, type SeriesState } from '../../src/engine/types.js';
import { initialMachine, release, step, type MachineParameters } from '../../src/verdict/series-machine.js';

const base: MachineParameters = { for: 0, cooldown: 0, onNoData: 'ok', recovery: 'probes' };
const at = (state: SeriesState) => ({ ...initialMachine(100), state, holdFrom: state === 'ok' ? -1 : 100 });
const inputs = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  breach: (bits & 1) !== 0,
  recovered: (bits & 2) !== 0,
  noData: (bits & 4) !== 0,
}));

/** Next state for inputs in the order of `inputs`: none, B, R, BR, N, NB, NR, NBR. */
const table: { state: SeriesState; parameters: Partial<MachineParameters>; next: SeriesState[] }[] = [
  { state: 'ok', parameters: {}, next: ['ok', 'firing', 'ok', 'firing', 'ok', 'ok', 'ok', 'ok'] },
  { state: 'ok', parameters: { for: 60 }, next: ['ok', 'pending', 'ok', 'pending', 'ok', 'ok', 'ok', 'ok'] },
  {
    state: 'ok',
    parameters: { onNoData: 'fire' },
    next: ['ok', 'firing', 'ok', 'firing', 'firing', 'firing', 'firing', 'firing'],
  },
  { state: 'pending', parameters: { for: 60 }, next: ['ok', 'pending', 'ok', 'pending', 'ok', 'ok', 'ok', 'ok'] },
  {
    state: 'pending',
    parameters: { for: 60, onNoData: 'keep' },
    next: ['ok', 'pending', 'ok', 'pending', 'pending', 'pending', 'pending', 'pending'],
  },
  { state: 'pending', parameters: { for: 5 }, next: ['ok', 'firing', 'ok', 'firing', 'ok', 'ok', 'ok', 'ok'] },
  {
    state: 'firing',
    parameters: {},
    next: ['firing', 'firing', 'probing', 'firing', 'firing', 'firing', 'firing', 'firing'],
  },
  {
    state: 'firing',
    parameters: { recovery: 'calls' },
    next: ['firing', 'firing', 'ok', 'firing', 'firing', 'firing', 'firing', 'firing'],
  },
  { state: 'firing', parameters: { recovery: 'operator' }, next: Array<SeriesState>(8).fill('firing') },
  {
    state: 'probing',
    parameters: {},
    next: ['probing', 'firing', 'ok', 'firing', 'probing', 'probing', 'probing', 'probing'],
  },
  {
    state: 'probing',
    parameters: { for: 60 },
    next: ['probing', 'firing', 'probing', 'firing', 'probing', 'probing', 'probing', 'probing'],
  },
];

describe('state machine of a series', () => {
  for (const { state, parameters, next } of table) {
    test(`${state} with ${JSON.stringify(parameters)} over every input`, () => {
      const got = inputs.map((input) => step(at(state), input, 110, { ...base, ...parameters }).machine.state);
      expect(got).toEqual(next);
    });
  }

  test('no data never releases, whatever the document says', () => {
    for (const onNoData of ['ok', 'keep', 'fire'] as const)
      for (const state of ['firing', 'probing'] as const)
        for (const input of inputs.filter(({ noData }) => noData))
          expect(step(at(state), input, 1e6, { ...base, onNoData }).machine.state).toBe(state);
  });

  test('a recovery that breaks off must hold anew', () => {
    const parameters = { ...base, for: 10 };
    const good = { breach: false, recovered: true, noData: false };
    let machine = step(at('probing'), { ...good, recovered: false }, 109, parameters).machine;
    machine = step(machine, good, 110, parameters).machine;
    expect(step(machine, good, 119, parameters).machine.state).toBe('probing');
    expect(step(machine, good, 120, parameters).machine.state).toBe('ok');
  });

  test('the cool-down after a release holds a second action back', () => {
    const parameters = { ...base, cooldown: 30 };
    const breach = { breach: true, recovered: false, noData: false };
    let machine = release(at('firing'), 'operator', 110, parameters).machine;
    machine = step(machine, breach, 120, parameters).machine;
    expect(machine.state).toBe('pending');
    expect(step(machine, breach, 139, parameters).machine.state).toBe('pending');
    expect(step(machine, breach, 140, parameters).machine.state).toBe('firing');
  });

  test('a clock that goes back an hour delays by one hold at most', () => {
    const parameters = { ...base, for: 10, cooldown: 30 };
    const breach = { breach: true, recovered: false, noData: false };
    for (const state of SERIES_STATES) {
      const machine = { ...at(state), since: 5000, holdFrom: 5000, cooldownUntil: 5030 };
      const back = step(machine, breach, 1400, parameters).machine;
      expect(step(back, breach, 1431, parameters).machine.state).toBe('firing');
    }
  });
});
