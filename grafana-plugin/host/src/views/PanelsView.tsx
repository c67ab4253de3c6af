import {
  CoreApp,
  PluginExtensionPoints,
  type DataQuery,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type PanelPluginMeta,
  type QueryEditorProps,
} from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { Button, ErrorBoundaryAlert, Menu, PanelChrome, Stack } from '@grafana/ui';
import { useEffect, useMemo, useState, type ComponentType } from 'react';
import { PluginPage } from '../chrome/PluginPage';
import { PanelRenderer } from '../panels/PanelRenderer';
import { dataSources } from '../services/data-sources';
import { linksAt } from '../services/extensions';
import { useWidth } from './useWidth';
import { addressRange, usePanelData } from './usePanelData';

const HEIGHT = 320;

/** The nested data source with its query editor, and the nested panels on its answer, side by side with a table. */
export function PanelsView() {
  const page = useMemo(
    () => ({
      text: 'Panels of the app',
      subTitle: 'Variables and range come from the address: ?var-service=checkout&from=now-6h',
    }),
    [],
  );
  const sources = Object.values(config.datasources).filter(({ meta }) => meta.module !== '');
  const panels = Object.values(config.panels) as PanelPluginMeta[];
  return (
    <PluginPage pageNav={page}>
      <Stack direction="column" gap={3}>
        {sources.length === 0 && panels.map(({ id, name }) => <Shown key={id} id={id} title={name} />)}
        {sources.map((settings) => (
          <Source key={settings.uid} settings={settings} panels={panels} />
        ))}
        {sources.length + panels.length === 0 && <p>The built app has no nested plugins.</p>}
      </Stack>
    </PluginPage>
  );
}

function Source({ settings, panels }: { settings: DataSourceInstanceSettings; panels: PanelPluginMeta[] }) {
  const [source, setSource] = useState<DataSourceApi>();
  const [failed, setFailed] = useState('');
  const [query, setQuery] = useState<DataQuery>();
  const [run, setRun] = useState(0);
  useEffect(() => {
    dataSources.get(settings.uid).then(
      (loaded) => {
        setSource(loaded);
        setQuery({
          refId: 'A',
          datasource: { uid: settings.uid, type: settings.type },
          ...(loaded.getDefaultQuery?.(CoreApp.Dashboard) as object | undefined),
          ...(JSON.parse(new URLSearchParams(window.location.search).get('query') ?? '{}') as object),
        });
      },
      (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  }, [settings]);
  const data = usePanelData(source, query, run);
  const Editor = source?.components?.QueryEditor as ComponentType<QueryEditorProps<DataSourceApi>> | undefined;
  return (
    <section aria-label={settings.name}>
      <h2>{settings.name}</h2>
      {failed !== '' && <p role="alert">{failed}</p>}
      <Stack direction="column" gap={2}>
        {Editor !== undefined && source !== undefined && query !== undefined && (
          <ErrorBoundaryAlert>
            <Editor
              datasource={source}
              query={query}
              onChange={setQuery}
              onRunQuery={() => setRun((count) => count + 1)}
              range={addressRange()}
              app={CoreApp.Dashboard}
            />
          </ErrorBoundaryAlert>
        )}
        <div>
          <Button variant="secondary" icon="sync" onClick={() => setRun((count) => count + 1)}>
            Run query
          </Button>
        </div>
        {panels.map(({ id, name }) => (
          <Shown key={id} id={id} title={name} data={data} query={query} />
        ))}
        <Shown id="table" title={`Answer of ${settings.name}`} data={data} query={query} />
      </Stack>
    </section>
  );
}

type ShownProps = { id: string; title: string; data?: ReturnType<typeof usePanelData>; query?: DataQuery | undefined };

function Shown({ id, title, data, query }: ShownProps) {
  const [ref, width] = useWidth();
  const menu = () => (
    <Menu>
      {linksAt(
        PluginExtensionPoints.DashboardPanelMenu,
        { pluginId: id, id: 1, title, targets: [query], timeZone: 'browser' },
        3,
      ).map((link) => (
        <Menu.Item
          key={link.id}
          label={link.title}
          onClick={(event) => {
            link.onClick?.(event as React.MouseEvent);
            if (link.path !== undefined) locationService.push(link.path);
          }}
        />
      ))}
    </Menu>
  );
  return (
    <div ref={ref}>
      {width > 0 && (
        <PanelChrome
          title={title}
          width={width}
          height={HEIGHT}
          menu={menu}
          {...(data === undefined ? {} : { loadingState: data.state })}
          {...(data?.error?.message === undefined ? {} : { statusMessage: data.error.message })}
        >
          {(innerWidth, innerHeight) => (
            <PanelRenderer
              pluginId={id}
              title={title}
              width={innerWidth}
              height={innerHeight}
              {...(data === undefined ? {} : { data })}
            />
          )}
        </PanelChrome>
      )}
    </div>
  );
}
