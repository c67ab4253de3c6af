import {
  EventBusSrv,
  PluginContextProvider,
  applyFieldOverrides,
  getDefaultTimeRange,
  type FieldConfigSource,
  type PanelData,
  type PanelPlugin,
  LoadingState,
} from '@grafana/data';
import type { PanelRendererProps } from '@grafana/runtime';
import { ErrorBoundaryAlert, useTheme2 } from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { loadPanel } from '../plugins/load-plugins';
import { replaceVariables } from '../services/variables';

const bus = new EventBusSrv();

/** Draws a panel plugin with data, as Grafana's core does inside of a dashboard. */
export function PanelRenderer(props: PanelRendererProps<object, object>) {
  const { pluginId, data, title, options = {}, fieldConfig, width, height, timeZone = 'browser' } = props;
  const { onOptionsChange = () => undefined, onFieldConfigChange = () => undefined, onChangeTimeRange } = props;
  const theme = useTheme2();
  const [plugin, setPlugin] = useState<PanelPlugin>();
  const [failed, setFailed] = useState('');
  useEffect(() => {
    let gone = false;
    loadPanel(pluginId).then(
      (loaded) => !gone && setPlugin(loaded),
      (error: unknown) => !gone && setFailed(error instanceof Error ? error.message : String(error)),
    );
    return () => void (gone = true);
  }, [pluginId]);

  const all = useMemo(
    () => (plugin === undefined ? {} : { ...(plugin.defaults as object), ...options }),
    [plugin, options],
  );
  const fields = useMemo((): FieldConfigSource => {
    const own = plugin?.fieldConfigDefaults ?? { defaults: {}, overrides: [] };
    return {
      defaults: { ...own.defaults, ...fieldConfig?.defaults } as FieldConfigSource['defaults'],
      overrides: fieldConfig?.overrides ?? own.overrides,
    };
  }, [plugin, fieldConfig]);
  const shown = useMemo((): PanelData => {
    const given = data ?? { state: LoadingState.NotStarted, series: [], timeRange: getDefaultTimeRange() };
    if (plugin === undefined) return given;
    return {
      ...given,
      series: applyFieldOverrides({
        ...{ data: given.series, fieldConfig: fields, theme, timeZone, replaceVariables },
        fieldConfigRegistry: plugin.fieldConfigRegistry,
      }),
    };
  }, [data, plugin, fields, theme, timeZone]);

  if (failed !== '') return <p role="alert">{failed}</p>;
  const Panel = plugin?.panel;
  if (plugin === undefined || Panel === undefined || Panel === null) return <p>Loading…</p>;
  return (
    <PluginContextProvider meta={plugin.meta}>
      <ErrorBoundaryAlert>
        <Panel
          id={1}
          data={shown}
          title={title}
          timeRange={shown.timeRange}
          timeZone={timeZone}
          options={all}
          fieldConfig={fields}
          transparent={false}
          width={width}
          height={height}
          renderCounter={0}
          replaceVariables={replaceVariables}
          eventBus={bus}
          onOptionsChange={onOptionsChange}
          onFieldConfigChange={onFieldConfigChange}
          onChangeTimeRange={onChangeTimeRange ?? (() => undefined)}
        />
      </ErrorBoundaryAlert>
    </PluginContextProvider>
  );
}
