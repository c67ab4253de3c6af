export { createDashboards } from './create-dashboards.js';
export { APP_ID, TAG, UID } from './uids.js';
export type { DashboardName } from './uids.js';
