import { EventBusSrv } from '@grafana/data';

/** The event bus of the page: alerts of the app arrive here. */
export const appEvents = new EventBusSrv();
