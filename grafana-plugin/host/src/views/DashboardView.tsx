import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneGridItem,
  SceneGridLayout,
  SceneQueryRunner,
  SceneTimePicker,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';
import { config } from '@grafana/runtime';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router-dom-v5-compat';

interface DashboardPanel {
  title?: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  options?: object;
  fieldConfig?: ConstructorParameters<typeof VizPanel>[0]['fieldConfig'];
  datasource?: { uid: string; type: string };
  targets?: ConstructorParameters<typeof SceneQueryRunner>[0]['queries'];
}
interface Dashboard {
  title: string;
  time?: { from: string; to: string };
  panels: DashboardPanel[];
}

/** A dashboard of JSON by its file name, on stand-ins for Grafana's core panels: for a look, not for pixels. */
export default function DashboardView() {
  const { name = '' } = useParams();
  const [scene, setScene] = useState<EmbeddedScene>();
  const [failed, setFailed] = useState('');
  useEffect(() => {
    void (async () => {
      const response = await fetch(`${config.appSubUrl}/host/dashboards/${name}.json`);
      if (!response.ok) setFailed(`The host has no dashboard ${name}; start it with --dashboards FOLDER.`);
      else setScene(sceneOf((await response.json()) as Dashboard));
    })();
  }, [name]);
  if (failed !== '') return <p role="alert">{failed}</p>;
  return scene === undefined ? null : <scene.Component model={scene} />;
}

function sceneOf({ time, panels }: Dashboard): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: time?.from ?? 'now-1h', to: time?.to ?? 'now' }),
    controls: [new SceneControlsSpacer(), new SceneTimePicker({})],
    body: new SceneGridLayout({
      isDraggable: false,
      isResizable: false,
      children: panels
        .filter(({ type }) => type !== 'row')
        .map(
          ({ title = '', type, gridPos: { x, y, w, h }, options = {}, fieldConfig, datasource, targets }) =>
            new SceneGridItem({
              ...{ x, y, width: w, height: h },
              body: new VizPanel({
                ...{ title, pluginId: type, options },
                ...(fieldConfig === undefined ? {} : { fieldConfig }),
                ...(targets === undefined
                  ? {}
                  : {
                      $data: new SceneQueryRunner({
                        ...(datasource === undefined ? {} : { datasource }),
                        queries: targets,
                      }),
                    }),
              }),
            }),
        ),
    }),
  });
}
