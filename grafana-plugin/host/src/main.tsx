import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/roboto-mono/400.css';
import { ThemeContext, type AppPlugin } from '@grafana/data';
import { LocationServiceProvider, config, locationService } from '@grafana/runtime';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { initializeI18n } from '@host/i18n';
import { Suspense, lazy } from 'react';
import { createRoot } from 'react-dom/client';
import { Redirect, Route, Router, Switch } from 'react-router-dom';
import { CompatRoute, CompatRouter } from 'react-router-dom-v5-compat';
import { Chrome } from './chrome/Chrome';
import { followLinks } from './chrome/follow-links';
import { hostData } from './host-data';
import { registerEditors } from './panels/register-editors';
import { loadApp } from './plugins/load-plugins';
import { shareModules } from './plugins/shared-modules';
import { registerApp } from './services/extensions';
import { registerServices } from './services/register-services';
import { AppView } from './views/AppView';
import { ConfigurationView } from './views/ConfigurationView';
import { ElsewhereView } from './views/ElsewhereView';
import { LinksView } from './views/LinksView';
import { PanelsView } from './views/PanelsView';

const DashboardView = lazy(() => import('./views/dashboard/DashboardView'));

function Host({ plugin }: { plugin: AppPlugin }) {
  const { meta } = plugin;
  const includes = (meta.includes ?? []) as ReadonlyArray<{ path?: string; defaultNav?: boolean }>;
  const home = includes.find(({ defaultNav }) => defaultNav)?.path ?? `/a/${meta.id}`;
  return (
    <ThemeContext.Provider value={config.theme2}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <Router history={locationService.getHistory()}>
          <CompatRouter>
            <Chrome meta={meta}>
              <Suspense fallback={null}>
                <Switch>
                  <CompatRoute path={`/a/${meta.id}`} render={() => <AppView plugin={plugin} />} />
                  <CompatRoute path={`/plugins/${meta.id}`} render={() => <ConfigurationView plugin={plugin} />} />
                  <CompatRoute path="/host/panels" render={() => <PanelsView />} />
                  <CompatRoute path="/host/links" render={() => <LinksView />} />
                  <CompatRoute path="/d/:name" render={() => <DashboardView />} />
                  <CompatRoute exact path="/" render={() => <Redirect to={home} />} />
                  {/* CompatRoute would match nothing by this path. */}
                  <Route path="*" render={() => <ElsewhereView />} />
                </Switch>
              </Suspense>
            </Chrome>
          </CompatRouter>
        </Router>
      </LocationServiceProvider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

async function start(): Promise<void> {
  const root = document.getElementById('reactRoot');
  if (root === null) throw new Error('the page has no root element');
  try {
    await initializeI18n(
      { language: config.bootData.user.language, ns: ['grafana'] },
      config.bootData.user.regionalFormat,
    );
    registerServices();
    registerEditors();
    shareModules();
    followLinks();
    const plugin = await loadApp(hostData().pluginId);
    registerApp(plugin);
    createRoot(root).render(<Host plugin={plugin} />);
  } catch (error) {
    console.error(error);
    root.textContent = `The stand-in could not load the app: ${error instanceof Error ? error.message : String(error)}`;
    root.setAttribute('role', 'alert');
  }
}

void start();
