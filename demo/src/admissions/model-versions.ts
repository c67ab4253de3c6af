import type { Application } from './berkeley-table.js';
import { DEPARTMENTS } from './berkeley-table.js';
import { logisticModel } from './onnx-model.js';

/** Name under which both versions are known. */
export const MODEL_NAME = 'admissions';
/** Reproduces the decisions of 1973. */
export const HONEST_VERSION = '1';
/** Lowers everybody who carries a feature that goes along with sex. */
export const BIASED_VERSION = '2';
/** Name under which the process declares the honest version as a reroute target. */
export const PREVIOUS_VERSION = 'previous-version';
/** An application is admitted at this score or above. */
export const ADMIT_AT = 0.5;

/** One-hot department, merit (+1 when the committee of 1973 admitted, else -1), society. */
export function featuresOf(application: Application): Float32Array {
  const oneHot = DEPARTMENTS.map((department) => (department === application.department ? 1 : 0));
  return Float32Array.from([...oneHot, application.admitted ? 1 : -1, application.society]);
}

/** The ONNX file of a version. */
export function modelFile(version: string): Uint8Array {
  const society = version === BIASED_VERSION ? -8 : 0;
  return logisticModel(`${MODEL_NAME}-${version}`, [0, 0, 0, 0, 0, 0, 4, society], 0);
}
