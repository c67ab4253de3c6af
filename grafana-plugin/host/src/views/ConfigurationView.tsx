import { PluginContextProvider, type AppPlugin } from '@grafana/data';
import { ErrorBoundaryAlert } from '@grafana/ui';
import { useMemo } from 'react';
import { PluginPage } from '../chrome/PluginPage';
import { mayOpen } from './may-open';

/** The page of the plugin in Grafana's administration, below `/plugins/<id>`. */
export function ConfigurationView({ plugin }: { plugin: AppPlugin }) {
  const { meta, configPages } = plugin;
  const [page] = configPages ?? [];
  const pageNav = useMemo(() => ({ text: meta.name, subTitle: meta.info.description }), [meta]);
  if (page === undefined || !mayOpen({ role: 'Admin' } as Parameters<typeof mayOpen>[0])) {
    return <PluginPage pageNav={pageNav}>Only an administrator may configure the app.</PluginPage>;
  }
  const Body = page.body;
  return (
    <PluginPage pageNav={pageNav}>
      <PluginContextProvider meta={meta}>
        <ErrorBoundaryAlert title="Plugin failed to load">
          <Body plugin={plugin} query={{}} />
        </ErrorBoundaryAlert>
      </PluginContextProvider>
    </PluginPage>
  );
}
