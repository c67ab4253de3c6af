export { createDashboards } from './create-dashboards.js';
export { TAG } from './uids.js';
export type { DashboardName } from './uids.js';
