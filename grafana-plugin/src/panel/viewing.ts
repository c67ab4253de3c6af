import { config, locationService } from '@grafana/runtime';
import { useSyncExternalStore } from 'react';

/** How a panel is looked at: `public` by people who are not signed in, `wall` where nobody changes anything, `dashboard` otherwise. */
export type Viewing = 'public' | 'wall' | 'dashboard';

/** Pages that show a panel alone, in another site or in a picture. */
const EMBEDDED = /\/(d-solo|dashboard-solo|render|dashboard\/snapshot)\//;

/** How a panel is looked at, from the address that shows it. */
export function viewingOf(pathname: string, search: URLSearchParams): Viewing {
  if (config.publicDashboardAccessToken || pathname.includes('/public-dashboards/') || !isSignedIn()) {
    return 'public';
  }
  const wall = search.has('kiosk') || search.has('render') || search.has('viewRender') || EMBEDDED.test(`${pathname}/`);
  return wall ? 'wall' : 'dashboard';
}

/** How this panel is looked at now. */
export function useViewing(): Viewing {
  return useSyncExternalStore(
    (changed) => locationService.getHistory().listen(changed),
    () => viewingOf(locationService.getLocation().pathname, locationService.getSearch()),
  );
}

function isSignedIn(): boolean {
  return config.bootData?.user?.isSignedIn !== false;
}
