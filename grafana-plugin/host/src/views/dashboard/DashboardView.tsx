import { config } from '@grafana/runtime';
import { UrlSyncContextProvider, type EmbeddedScene } from '@grafana/scenes';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useParams } from 'react-router-dom-v5-compat';
import { PluginPage } from '../../chrome/PluginPage';
import { dataSources } from '../../services/data-sources';
import type { DashboardJson } from './dashboard-json';
import { HeadLinks } from './HeadLinks';
import { sceneOf } from './scene-of';
import { WithoutPrometheus } from './WithoutPrometheus';

/** A dashboard of JSON by its uid or file name, on stand-ins for Grafana's core panels. */
export default function DashboardView() {
  const { name = '' } = useParams();
  const { search } = useLocation();
  const alone = new URLSearchParams(search).get('viewPanel')?.replace(/^panel-/, '');
  return <Loaded key={`${name} ${alone}`} name={name} alone={alone} />;
}

/** One dashboard, or the panel `alone` of it. */
function Loaded({ name, alone }: { name: string; alone: string | undefined }) {
  const [shown, setShown] = useState<{ dashboard: DashboardJson; scene: EmbeddedScene }>();
  const [failed, setFailed] = useState('');
  useEffect(() => {
    void (async () => {
      const response = await fetch(`${config.appSubUrl}/host/dashboards/${encodeURIComponent(name)}`);
      if (!response.ok) return setFailed(`The host has no dashboard ${name}; --dashboards names a folder with more.`);
      const dashboard = (await response.json()) as DashboardJson;
      setShown({ dashboard, scene: sceneOf(dashboard, alone === undefined ? undefined : Number(alone)) });
    })().catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  }, [name, alone]);
  const page = useMemo(() => ({ text: shown?.dashboard.title ?? name }), [shown, name]);
  if (failed !== '') return <p role="alert">{failed}</p>;
  if (shown === undefined) return null;
  const { dashboard, scene } = shown;
  if (dataSources.getList({ metrics: true, type: 'prometheus' }).length === 0) {
    return (
      <PluginPage pageNav={page}>
        <WithoutPrometheus />
      </PluginPage>
    );
  }
  return (
    <PluginPage pageNav={page} actions={<HeadLinks links={dashboard.links ?? []} />}>
      <UrlSyncContextProvider scene={scene} updateUrlOnInit={false}>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
    </PluginPage>
  );
}
