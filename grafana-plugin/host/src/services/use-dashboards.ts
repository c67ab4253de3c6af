import { config } from '@grafana/runtime';
import { useEffect, useState } from 'react';
import type { DashboardName } from '../views/dashboard/dashboard-json';

/** Dashboards that the host's server has, in its order; none until it answered. */
export function useDashboards(): readonly DashboardName[] {
  const [dashboards, setDashboards] = useState<DashboardName[]>([]);
  useEffect(() => {
    void (async () => {
      const response = await fetch(`${config.appSubUrl}/host/dashboards`);
      if (response.ok) setDashboards((await response.json()) as DashboardName[]);
    })();
  }, []);
  return dashboards;
}
