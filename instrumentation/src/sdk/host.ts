import { getRuntime } from '../guard/runtime.js';
import type { PatchHost } from '../loader/patch.js';
import { activeRuntime } from './active-runtime.js';

/** The host of every patch outside of tests: the runtime of this process. */
export const processHost: PatchHost = {
  runtime: activeRuntime,
  declare: (site) => getRuntime().declareSite(site),
};
