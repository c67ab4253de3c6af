import { DRILL_NAME } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesView } from '../../src/engine/types.js';
import { bookOf, change, guarded, LINKS, open, TRACE } from './support.js';

const FIRING = 'GuardspanGuardrailFiring';

describe('the alert of a guard-rail', () => {
  it('begins with the first series that fires, and has the labels of the rule', () => {
    const { book } = bookOf([guarded('gap', { severity: 'critical', owner: 'credit', team: 'x' }), guarded('plain')]);
    book.onTransition(change('gap', 'firing', 100));
    book.onTransition(change('plain', 'firing', 101));
    expect(book.alerts().map(({ labels }) => labels)).toEqual([
      { alertname: FIRING, component: 'guardspan', guardrail: 'gap', owner: 'credit', severity: 'critical' },
      { alertname: FIRING, component: 'guardspan', guardrail: 'plain', severity: 'warning' },
    ]);
    expect(book.alerts()[0]).toMatchObject({ startsAt: 100, endedAt: 0, traceId: TRACE });
  });

  it('is marked as a drill when its guard-rail is that of drills, and only then', () => {
    const { book } = bookOf([guarded(DRILL_NAME), guarded('plain')]);
    for (const name of [DRILL_NAME, 'plain']) book.onTransition(change(name, 'firing', 100));
    const [drill, plain] = book.alerts();
    expect(drill!.labels['drill']).toBe('true');
    expect(drill!.annotations['summary']).toBe('DRILL: The guard-rail guardspan-drill is violated.');
    expect(Object.keys(plain!.labels)).not.toContain('drill');
    expect(plain!.annotations['summary']).toBe('The guard-rail plain is violated.');
  });

  it.each(['off', 'dryrun'] as const)('is absent in mode %s', (mode) => {
    const { book } = bookOf([guarded('gap', {}, mode)]);
    book.onTransition(change('gap', 'firing', 100));
    expect(book.alerts()).toEqual([]);
  });

  it('says how many series fire and which, the first five by name', () => {
    const { book } = bookOf([guarded('gap')]);
    for (let index = 1; index <= 7; index++) book.onTransition(change('gap', 'firing', 100, `m${index}`));
    const { annotations } = book.alerts()[0]!;
    expect(annotations['description']).toBe(
      '7 series of the guard-rail gap are firing or probing (model=m1; model=m2; model=m3; model=m4; model=m5; and 2 more).',
    );
  });

  it('keeps the first trace while other calls breach too', () => {
    const { book } = bookOf([guarded('gap')], { links: { ...LINKS, trace: 'https://tempo.example/{trace}' } });
    book.onTransition(change('gap', 'firing', 100, 'a'));
    book.onTransition(change('gap', 'firing', 101, 'b', 'f'.repeat(32)));
    expect(book.alerts()[0]!.annotations).toMatchObject({
      trace_id: TRACE,
      trace_url: `https://tempo.example/${TRACE}`,
    });
  });

  it('ends when no series has fired for the hold, and is forgotten after its end was repeated', () => {
    const { book } = bookOf([guarded('gap')]);
    book.onTransition(change('gap', 'firing', 100, 'a'));
    book.onTransition(change('gap', 'firing', 100, 'b'));
    book.onTransition(change('gap', 'ok', 110, 'a'));
    book.tick(1000);
    expect(open(book.alerts())).toEqual([`${FIRING} gap`]);
    book.onTransition(change('gap', 'probing', 1000, 'b'));
    book.onTransition(change('gap', 'ok', 1001, 'b'));
    book.tick(1120);
    expect(book.alerts()[0]!.endedAt).toBe(0);
    book.tick(1121);
    expect(book.alerts()[0]).toMatchObject({ quietSince: 1001, endedAt: 1121 });
    book.tick(1420);
    expect(book.alerts()).toHaveLength(1);
    book.takeChanges();
    book.tick(1421);
    expect(book.takeChanges()).toMatchObject({ put: [], remove: [expect.stringContaining('gap')] });
  });

  it('goes on when the guard-rail is violated again within the hold, and is another one after it', () => {
    const { book } = bookOf([guarded('gap')]);
    book.onTransition(change('gap', 'firing', 100));
    book.onTransition(change('gap', 'ok', 110));
    book.onTransition(change('gap', 'firing', 200));
    expect(book.alerts()[0]).toMatchObject({ startsAt: 100, quietSince: 0, endedAt: 0 });
    book.onTransition(change('gap', 'ok', 210));
    book.tick(330);
    book.onTransition(change('gap', 'firing', 340));
    expect(book.alerts()).toHaveLength(1);
    expect(book.alerts()[0]).toMatchObject({ startsAt: 340, endedAt: 0 });
  });

  it('ends at once when its document gives it another severity, and goes on under the new one', () => {
    const { book, inForce } = bookOf([guarded('gap', { severity: 'warning' })]);
    book.onTransition(change('gap', 'firing', 100));
    inForce.set('gap', guarded('gap', { severity: 'critical' }));
    book.published(150);
    expect(book.alerts().map(({ labels, endedAt }) => [labels['severity'], endedAt])).toEqual([
      ['warning', 150],
      ['critical', 0],
    ]);
  });

  it('ends after the hold when its guard-rail is taken to dryrun or away', () => {
    const { book, inForce } = bookOf([guarded('gap'), guarded('gone')]);
    book.onTransition(change('gap', 'firing', 100));
    book.onTransition(change('gone', 'firing', 100));
    inForce.set('gap', guarded('gap', {}, 'dryrun'));
    inForce.delete('gone');
    book.published(150);
    book.tick(269);
    expect(open(book.alerts())).toHaveLength(2);
    book.tick(270);
    expect(open(book.alerts())).toEqual([]);
  });

  it('survives a restart: goes on for what still fires, begins for what is new, ends for what does not fire any more', () => {
    const before = bookOf([guarded('lasts'), guarded('over')]).book;
    before.onTransition(change('lasts', 'firing', 100));
    before.onTransition(change('over', 'firing', 100));
    const rows = structuredClone(before.takeChanges().put);
    const { book } = bookOf([guarded('lasts'), guarded('over'), guarded('fresh')]);
    const view = (guardrail: string): SeriesView => ({
      ...{ guardrail, revision: 'r', series: { model: 'risk' }, state: 'firing', since: 1, verdictId: 'v' },
      ...{ signals: {}, degraded: false },
    });
    book.restore(rows, [view('lasts'), view('fresh')], 500);
    book.tick(621);
    expect(open(book.alerts())).toEqual([`${FIRING} fresh`, `${FIRING} lasts`]);
    expect(book.alerts().find(({ guardrail }) => guardrail === 'lasts')).toMatchObject({
      startsAt: 100,
      traceId: TRACE,
    });
  });
});

describe('the budget', () => {
  const names = Array.from({ length: 15 }, (_, index) => `g${String(index).padStart(2, '0')}`);

  it('folds what is beyond it into one alert that says how many, the list bounded', () => {
    const { book } = bookOf(
      names.map((name) => guarded(name, { owner: 'credit' })),
      { budget: 3 },
    );
    for (const name of names) book.onTransition(change(name, 'firing', 100));
    expect(open(book.alerts())).toEqual([
      'GuardspanAlertStorm',
      ...names.slice(0, 3).map((name) => `${FIRING} ${name}`),
    ]);
    const storm = book.alerts().find(({ guardrail }) => guardrail === '')!;
    expect(storm.labels).toEqual({
      ...{ alertname: 'GuardspanAlertStorm', component: 'guardspan', owner: 'credit', severity: 'warning' },
    });
    expect(storm.annotations['description']).toBe(
      'The alerts of 12 guard-rails of credit are folded into this one: g03; g04; g05; g06; g07; g08; g09; g10; g11; g12; and 2 more.',
    );
  });

  it('is one for each owner and severity: a critical alert is not folded into warnings', () => {
    const { book } = bookOf(
      [
        guarded('a', { owner: 'x' }),
        guarded('b', { owner: 'x' }),
        guarded('c', { owner: 'y' }),
        guarded('d', { owner: 'x', severity: 'critical' }),
      ],
      { budget: 1 },
    );
    for (const name of ['a', 'b', 'c', 'd']) book.onTransition(change(name, 'firing', 100));
    expect(open(book.alerts())).toEqual(['GuardspanAlertStorm', `${FIRING} a`, `${FIRING} c`, `${FIRING} d`]);
  });

  it('ends its alert with the last that was folded; a folded alert is never sent by itself', () => {
    const { book } = bookOf([guarded('a'), guarded('b')], { budget: 1 });
    book.onTransition(change('a', 'firing', 100));
    book.onTransition(change('b', 'firing', 100));
    book.onTransition(change('a', 'ok', 110));
    book.tick(230);
    expect(open(book.alerts())).toEqual(['GuardspanAlertStorm']);
    book.onTransition(change('b', 'ok', 300));
    book.tick(420);
    expect(open(book.alerts())).toEqual([]);
    expect(book.alerts().map(({ labels }) => labels['alertname'])).not.toContain(undefined);
    expect(book.alerts().filter(({ guardrail }) => guardrail === 'b')).toEqual([]);
  });

  it('of 0 is none', () => {
    const { book } = bookOf(
      names.map((name) => guarded(name)),
      { budget: 0 },
    );
    for (const name of names) book.onTransition(change(name, 'firing', 100));
    expect(open(book.alerts())).toHaveLength(15);
  });
});

it('has at any time exactly the alerts that the last transitions and the hold ask for, and its outbox equals it', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    model: fc.constantFrom('x', 'y'),
    to: fc.constantFrom('firing', 'probing', 'ok', 'pending'),
    wait: fc.integer({ min: 0, max: 90 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { book } = bookOf([guarded('a'), guarded('b'), guarded('c')], { hold: 60, budget: 2 });
      const stored = new Map<string, unknown>();
      const firing = new Map<string, Set<string>>();
      const lastAt = new Map<string, number>();
      let now = 1;
      for (const { name, model, to, wait } of steps) {
        now += wait;
        book.tick(now);
        book.onTransition(change(name, to, now, model));
        const set = firing.get(name) ?? new Set();
        firing.set(name, set);
        if (to === 'firing' || to === 'probing') set.add(model);
        else if (set.delete(model) && set.size === 0) lastAt.set(name, now);
        const { put, remove } = book.takeChanges();
        for (const key of remove) stored.delete(key);
        for (const row of put) stored.set(row.key, row);
        for (const [guardrail, series] of firing) {
          const row = book.all().find((one) => one.guardrail === guardrail && one.endedAt === 0);
          if (series.size > 0) expect(row).toBeDefined();
          else if (row !== undefined) expect(now - lastAt.get(guardrail)!).toBeLessThanOrEqual(60 + wait);
        }
        const storms = book.all().filter((row) => row.guardrail === '' && row.endedAt === 0);
        const folded = book.all().filter((row) => row.foldedInto !== '' && row.endedAt === 0);
        expect(storms).toHaveLength(folded.length > 0 ? 1 : 0);
      }
      expect([...stored.values()]).toEqual(expect.arrayContaining(book.all()));
      expect(stored.size).toBe(book.all().length);
    }),
  );
});
