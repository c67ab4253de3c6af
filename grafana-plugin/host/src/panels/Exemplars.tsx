import { locationUtil, type DataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { EventsCanvas, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import { useCallback, useLayoutEffect, useRef } from 'react';

interface Plot {
  scales: { [key: string]: { min?: number | null; max?: number | null } };
  valToPos(value: number, scale: string): number;
}

/** Calls behind the values of a chart, a mark each, that lead to their traces. */
export function Exemplars({ config, frames }: { config: UPlotConfigBuilder; frames: DataFrame[] }) {
  const theme = useTheme2();
  const plot = useRef<Plot | undefined>(undefined);
  useLayoutEffect(() => {
    config.addHook('init', (u) => void (plot.current = u as unknown as Plot));
  }, [config]);
  const place = useCallback(
    ({ fields: [times, values] }: DataFrame, row: number) => {
      if (plot.current === undefined) return undefined;
      const { x } = plot.current.scales;
      const time = times?.values[row] as number;
      if (x === undefined || time < (x.min ?? 0) || time > (x.max ?? Infinity)) return undefined;
      const scale = config.scales.map(({ props }) => props.scaleKey).find((key) => key !== 'x') ?? 'y';
      const { min, max } = plot.current.scales[scale] ?? {};
      // A call's own value may lie far outside of what a rate or a quantile spans; then it stands at the edge.
      const value = Math.min(Math.max(values?.values[row] as number, min ?? 0), max ?? 0);
      return { x: plot.current.valToPos(time, 'x'), y: plot.current.valToPos(value, scale) };
    },
    [config],
  );
  const draw = useCallback(
    (frame: DataFrame, row: number) => {
      const link = frame.fields.flatMap((field) =>
        field.config.links === undefined ? [] : (field.getLinks?.({ valueRowIndex: row }) ?? []),
      )[0];
      const trace = String(frame.fields.find(({ name }) => name === 'trace_id')?.values[row] ?? '');
      const side = 8;
      const mark = {
        ...{ display: 'block', width: side, height: side, transform: 'rotate(45deg)', cursor: 'pointer' },
        background: theme.visualization.getColorByName('blue'),
      };
      if (link === undefined) return <span style={mark} title={trace} />;
      return (
        <a
          href={link.href}
          aria-label={`Trace ${trace}`}
          title={`Trace ${trace}`}
          style={mark}
          onClick={(event) => {
            event.preventDefault();
            locationService.push(locationUtil.stripBaseFromUrl(link.href));
          }}
        />
      );
    },
    [theme],
  );
  return (
    <EventsCanvas id="exemplars" config={config} events={frames} renderEventMarker={draw} mapEventToXYCoords={place} />
  );
}
