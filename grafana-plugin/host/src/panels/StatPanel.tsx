import { getFieldDisplayValues, type PanelProps } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
} from '@grafana/ui';

interface Options {
  colorMode?: BigValueColorMode;
  graphMode?: BigValueGraphMode;
  justifyMode?: BigValueJustifyMode;
  textMode?: BigValueTextMode;
  reduceOptions?: { calcs: string[]; values: boolean };
}

/** One number for each series, or its name. */
export function StatPanel(props: PanelProps<Options>) {
  const { data, width, height, fieldConfig, options, replaceVariables, timeZone } = props;
  const theme = useTheme2();
  const { graphMode = BigValueGraphMode.Area } = options;
  const values = getFieldDisplayValues({
    ...{ fieldConfig, replaceVariables, theme, timeZone, data: data.series },
    sparkline: graphMode !== BigValueGraphMode.None,
    reduceOptions: options.reduceOptions ?? { calcs: ['lastNotNull'], values: false },
  });
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
          colorMode={options.colorMode ?? BigValueColorMode.Value}
          graphMode={graphMode}
          justifyMode={options.justifyMode ?? BigValueJustifyMode.Auto}
          textMode={options.textMode ?? BigValueTextMode.Auto}
        />
      ))}
    </div>
  );
}
