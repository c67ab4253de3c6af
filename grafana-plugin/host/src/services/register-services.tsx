import { setLocale, setTimeZoneResolver, locationUtil } from '@grafana/data';
import * as runtime from '@grafana/runtime';
import { setPanelDataErrorView } from '@host/PanelDataErrorView';
import { setPanelRenderer } from '@host/PanelRenderer';
import { setPluginPage } from '@host/PluginPage';
import { setGetObservablePluginLinks } from '@host/observable-links';
import { EMPTY, of } from 'rxjs';
import { PanelRenderer } from '../panels/PanelRenderer';
import { PluginPage } from '../chrome/PluginPage';
import { loadPanel, panelFromCache } from '../plugins/load-plugins';
import { appEvents } from './app-events';
import { backendService } from './backend-service';
import { dataSources } from './data-sources';
import { linksAt } from './extensions';
import { runRequest } from './run-request';
import { dashboardVariables, replaceVariables } from './variables';

/** Gives `@grafana/runtime` and `@grafana/data` what Grafana's core gives them before it loads a plugin. */
export function registerServices(): void {
  const { config, locationService } = runtime;
  runtime.setBackendSrv(backendService);
  runtime.setAppEvents(appEvents);
  runtime.setLocationSrv(locationService as unknown as runtime.LocationSrv);
  runtime.setDataSourceSrv(dataSources);
  runtime.setEchoSrv({ flush: () => undefined, addBackend: () => undefined, addEvent: () => undefined });
  runtime.setGrafanaLiveSrv({
    getConnectionState: () => of(false),
    getStream: () => EMPTY,
    getDataStream: () => EMPTY,
    getPresence: () => Promise.reject(new Error('The host has no Grafana Live.')),
    publish: () => Promise.reject(new Error('The host has no Grafana Live.')),
  });
  runtime.setTemplateSrv({
    getVariables: dashboardVariables,
    replace: replaceVariables,
    containsTemplate: (text = '') => /\$\{?\w+/.test(text),
    updateTimeRange: () => undefined,
  });
  runtime.setRunRequest(runRequest);
  runtime.setPluginImportUtils({ importPanelPlugin: loadPanel, getPanelPluginFromCache: panelFromCache });
  runtime.setCurrentUser(config.bootData.user as Parameters<typeof runtime.setCurrentUser>[0]);
  runtime.setReturnToPreviousHook(() => () => undefined);
  runtime.setChromeHeaderHeightHook(() => 40);
  runtime.setMegaMenuOpenHook(() => [true, () => undefined]);
  runtime.setPluginLinksHook(({ extensionPointId, context, limitPerPlugin }) => ({
    isLoading: false,
    links: linksAt(extensionPointId, context, limitPerPlugin),
  }));
  runtime.setPluginComponentHook(() => ({ isLoading: false, component: null }));
  runtime.setPluginComponentsHook(() => ({ isLoading: false, components: [] }));
  runtime.setPluginFunctionsHook(() => ({ isLoading: false, functions: [] }));
  setGetObservablePluginLinks(({ extensionPointId, context, limitPerPlugin }) =>
    of(linksAt(extensionPointId, context, limitPerPlugin)),
  );
  setPluginPage(PluginPage);
  setPanelRenderer(PanelRenderer);
  setPanelDataErrorView(({ message }) => <p>{message ?? 'No data'}</p>);

  setLocale(config.bootData.user.regionalFormat);
  setTimeZoneResolver(() => config.bootData.user.timezone);
  locationUtil.initialize({
    config: config as unknown as Parameters<typeof locationUtil.initialize>[0]['config'],
    getTimeRangeForUrl: () => ({ from: 'now-6h', to: 'now' }),
    getVariablesUrlParams: () => ({}),
  });
}
