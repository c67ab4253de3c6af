import { AppPlugin, type AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { Suspense, lazy } from 'react';
import { PLUGIN_ID, type AppSettings } from './constants';

// Grafana loads this file with every page: everything else is loaded when it is needed.
const translated = async <T,>(load: () => Promise<T>): Promise<T> => {
  const { initPluginTranslations } = await import('@grafana/i18n');
  await initPluginTranslations(PLUGIN_ID);
  return load();
};
const LazyApp = lazy(() => translated(() => import('./components/App/App')));
const LazyConfiguration = lazy(() => translated(() => import('./pages/Configuration/Configuration')));

const App = (props: AppRootProps<AppSettings>) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyApp {...props} />
  </Suspense>
);
const Configuration = (props: React.ComponentProps<typeof LazyConfiguration>) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyConfiguration {...props} />
  </Suspense>
);

export const plugin = new AppPlugin<AppSettings>().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  body: Configuration,
  id: 'configuration',
});
