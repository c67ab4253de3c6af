import { PluginContextProvider, type AppPlugin } from '@grafana/data';
import { Alert, ErrorBoundaryAlert } from '@grafana/ui';
import { useMemo } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { mayOpen } from './may-open';

/** The app's own pages, below `/a/<id>`. Grafana refuses those whose action or role the user lacks. */
export function AppView({ plugin }: { plugin: AppPlugin }) {
  const { pathname, search } = useLocation();
  const query = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const { root: Root, meta } = plugin;
  const include = meta.includes?.find(({ path }) => path === pathname);
  if (include !== undefined && !mayOpen(include)) {
    return (
      <Alert severity="warning" title="Access denied">
        You do not have permission to see this page.
      </Alert>
    );
  }
  if (Root === undefined) return <p>The app has no pages.</p>;
  return (
    <PluginContextProvider meta={meta}>
      <ErrorBoundaryAlert title="Plugin failed to load">
        <Root meta={meta} basename={`/a/${meta.id}`} path={pathname} query={query} onNavChanged={() => undefined} />
      </ErrorBoundaryAlert>
    </PluginContextProvider>
  );
}
