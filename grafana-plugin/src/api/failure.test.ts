import { ApiFailure, toFailure } from './failure';

describe('what a rejected request means', () => {
  it('tells a refusal of Grafana from one of the evaluator', () => {
    expect(toFailure({ status: 403, data: { message: 'plugin proxy route access denied' } })).toMatchObject({
      kind: 'permission',
    });
    const errors = [{ code: 'X', message: 'm', line: 2, column: 3, path: 'spec', hint: 'h' }];
    const data = { detail: 'd', code: 'GUARDSPAN_FORBIDDEN', hint: 'h', errors };
    expect(toFailure({ status: 403, data })).toMatchObject({
      kind: 'role',
      code: 'GUARDSPAN_FORBIDDEN',
      problems: errors,
    });
  });

  it.each([
    [0, 'unreachable'],
    [502, 'unreachable'],
    [504, 'unreachable'],
    [500, 'unreachable'],
    [404, 'disabled'],
    [200, 'unreadable'],
  ])('takes a %s without a problem document as %s', (status, kind) => {
    expect(toFailure({ status, data: '<html>' })).toMatchObject({ kind, status });
  });

  it('leaves aborts and its own failures as they are', () => {
    const aborted = { status: 0, cancelled: true };
    expect(toFailure(aborted)).toBe(aborted);
    const failure = new ApiFailure('busy', '', 429);
    expect(toFailure(failure)).toBe(failure);
  });
});
