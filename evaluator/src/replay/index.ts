export { readMapping } from './call-mapping.js';
export type { CallMapping } from './call-mapping.js';
export { isOtlpLine, readOtlpLine } from './read-otlp.js';
export { readTable } from './read-table.js';
export type { CallTable, LeftOutRows } from './read-table.js';
export { recordedTraffic } from './recorded-traffic.js';
export { replay } from './replay.js';
export type { ReplayCall, ReplayedGuardrail, ReplayResult, RowTime } from './replay.js';
