import { PanelPlugin, getFieldDisplayValues, type PanelPluginMeta, type PanelProps } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  Table,
  TimeSeries,
  TooltipPlugin2,
  useTheme2,
} from '@grafana/ui';
import { LegendDisplayMode, type VizLegendOptions } from '@grafana/schema';

const LEGEND: VizLegendOptions = {
  displayMode: LegendDisplayMode.List,
  placement: 'bottom',
  showLegend: true,
  calcs: [],
};

/** How time series are drawn: what a panel registers is what may reach it. */
const DRAWING = [
  ...['drawStyle', 'lineInterpolation', 'lineWidth', 'fillOpacity', 'gradientMode', 'lineStyle', 'spanNulls'],
  ...['showPoints', 'pointSize', 'stacking', 'axisPlacement', 'axisLabel', 'axisColorMode', 'scaleDistribution'],
  ...['barAlignment', 'barWidthFactor', 'hideFrom', 'thresholdsStyle'],
];
const none = () => null;
const keep = (value: unknown) => value;

type Options = { legend?: VizLegendOptions; reduceOptions?: { calcs: string[]; values: boolean } };

function TimeSeriesPanel({ data, width, height, timeRange, timeZone, options }: PanelProps<Options>) {
  if (data.series.length === 0) return <p>No data</p>;
  return (
    <TimeSeries
      frames={data.series}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend ?? LEGEND}
      options={options}
    >
      {(builder) => <TooltipPlugin2 config={builder} hoverMode={0} render={() => null} />}
    </TimeSeries>
  );
}

function StatPanel({ data, width, height, fieldConfig, options, replaceVariables, timeZone }: PanelProps<Options>) {
  const theme = useTheme2();
  const values = getFieldDisplayValues({
    ...{ fieldConfig, replaceVariables, theme, timeZone, data: data.series, sparkline: true },
    reduceOptions: options.reduceOptions ?? { calcs: ['lastNotNull'], values: false },
  });
  if (values.length === 0) return <p>No data</p>;
  return (
    <div style={{ display: 'flex' }}>
      {values.map((value, index) => (
        <BigValue
          key={index}
          theme={theme}
          value={value.display}
          {...(value.sparkline === undefined ? {} : { sparkline: value.sparkline })}
          width={width / values.length}
          height={height}
          colorMode={BigValueColorMode.Value}
          graphMode={BigValueGraphMode.Area}
          justifyMode={BigValueJustifyMode.Auto}
          textMode={BigValueTextMode.Auto}
        />
      ))}
    </div>
  );
}

function TablePanel({ data, width, height }: PanelProps) {
  const [frame] = data.series;
  return frame === undefined ? <p>No data</p> : <Table data={frame} width={width} height={height} />;
}

function TextPanel({ options }: PanelProps<{ content?: string }>) {
  return <pre style={{ whiteSpace: 'pre-wrap' }}>{options.content}</pre>;
}

function standIn(id: string, name: string, panel: React.ComponentType<PanelProps>): PanelPlugin {
  const plugin = new PanelPlugin(panel).useFieldConfig({
    useCustomConfig: (builder) => {
      for (const path of DRAWING) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          editor: none,
          override: none,
          process: keep,
          shouldApply: () => true,
          settings: {},
        });
      }
    },
  });
  plugin.meta = { id, name, type: 'panel', sort: 1, module: '', baseUrl: '', info: {} } as unknown as PanelPluginMeta;
  return plugin;
}

let panels: { [id: string]: PanelPlugin } | undefined;

/** A stand-in for a panel of Grafana's core, which is in no package, drawn with Grafana's own components; undefined for others. */
export function corePanel(id: string): PanelPlugin | undefined {
  // Made when first asked for: panels look at registries that start-up fills.
  panels ??= {
    timeseries: standIn('timeseries', 'Time series', TimeSeriesPanel as React.ComponentType<PanelProps>),
    stat: standIn('stat', 'Stat', StatPanel as React.ComponentType<PanelProps>),
    table: standIn('table', 'Table', TablePanel),
    text: standIn('text', 'Text', TextPanel as React.ComponentType<PanelProps>),
  };
  return panels[id];
}
