import type { Evidence } from '@guardspan/policy';
import { associationJudge } from './association-judge.js';
import type { Accumulation } from './detector.js';
import { driftJudge } from './drift-judge.js';
import { gapJudge } from './gap-judge.js';
import type { Judge } from './judge.js';
import { meanArmJudge, meanJudge } from './mean-judge.js';
import { rateArmJudge, rateJudge } from './rate-judge.js';
import { RateReference } from './rate-reference.js';
import { referencedMeanJudge } from './referenced-mean-judge.js';
import { referencedRateJudge } from './referenced-rate-judge.js';

/**
 * The judge of a test. A promise about a period takes an e-detector, a fixed level one e-process; the threshold of either is
 * `evidenceThreshold()`.
 */
export function createJudge({ test, mode, promise, maxSeries }: Evidence): Judge {
  const kind: Accumulation = promise.alpha === null ? 'detector' : 'product';
  switch (test.type) {
    case 'rate':
    case 'latency':
      if (test.against !== null) return rateArmJudge(test, mode, kind);
      return test.baseline?.season === undefined && test.moving === undefined
        ? rateJudge(test, mode, kind)
        : referencedRateJudge(test, mode, kind, new RateReference(test, promise, maxSeries));
    case 'mean':
      if (test.against !== null) return meanArmJudge(test, kind);
      return test.baseline?.season === undefined && test.moving === undefined
        ? meanJudge(test, mode, kind)
        : referencedMeanJudge(test, mode, kind, new RateReference(test, promise, maxSeries));
    case 'rateGap':
      return gapJudge(test, mode, kind);
    case 'drift':
      return driftJudge(test, mode, kind);
    case 'association':
      return associationJudge(test, mode, kind);
  }
}
