import { createJudge } from '@guardspan/evaluator';
import type { CellRows } from '@guardspan/evaluator';
import type { Evidence, EvidenceMode, EvidenceTest, MovingBaseline } from '@guardspan/policy';
import { P0 } from './scenarios.js';
import type { Scenario } from './scenarios.js';
import type { Watch } from './peers.js';

/** Probability of a false alarm in the honest stream that everybody aims at. */
export const NOMINAL = 0.05;
const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };
const ORIGIN = { model: 'bench', version: '', featureView: '', from: 0, to: 0 };

/** Beside a baseline that is an estimate: the series' own past, 400 to 150 buckets back, within the budget that a document gets when it names none. */
export const MOVING: MovingBaseline = { window: 250, lag: 150, budget: 1.5 };

/** The judge that a document with this test and a promise of one false alarm in twenty streams gets; of `moving` none when the baseline is frozen. */
export function guardspan(
  { kind, buckets }: Scenario,
  mode: EvidenceMode,
  baseline: { events: number; calls: number } | null,
  moving?: MovingBaseline,
): Watch {
  const common = { among: 'true', tolerance: 0, direction: 'up' as const };
  const test: EvidenceTest =
    kind === 'gap'
      ? {
          type: 'rateGap',
          attribute: 'group',
          of: '',
          among: 'true',
          ratio: 1,
          margin: 0,
          reference: 'a',
          groups: [],
          sided: 'both',
          strata: [],
        }
      : {
          type: 'rate',
          of: '',
          ...common,
          limit: kind === 'rate' && baseline === null ? P0 : null,
          baseline: baseline === null ? null : { ...ORIGIN, ...baseline },
          against: kind === 'arm' ? { field: 'model_version', value: 'previous' } : null,
          ...(baseline === null || moving === undefined ? {} : { moving }),
        };
  const evidence: Evidence = {
    test,
    promise: { falseAlarms: NOMINAL, per: buckets, alpha: null },
    mode,
    maxSeries: 1,
    explainBy: [],
  };
  const threshold = Math.log(buckets / NOMINAL);
  const judge = createJudge(evidence);
  let state = judge.initial();
  let at = -1;
  return ({ s, n, sa, na }) => {
    const own: CellRows['rows'] = [['', kind === 'gap' ? 'b' : '', [n - s, s]]];
    const other: CellRows['rows'] = [['', kind === 'gap' ? 'a' : '', [na - sa, sa]]];
    const cells = { ...NONE, rows: kind === 'gap' ? [...other, ...own] : own };
    at++;
    const calm = judge.evidence(state) < threshold;
    state = judge.step(state, cells, kind === 'arm' ? { ...NONE, rows: other } : NONE, { at, calm });
    return judge.evidence(state) >= threshold;
  };
}
