import type { DASHBOARD_UID } from '@guardspan/policy';

/** Name of a dashboard of ours. */
export type DashboardName = keyof typeof DASHBOARD_UID;

/** Tag of all our dashboards, by which they link to each other. */
export const TAG = 'guardspan';
