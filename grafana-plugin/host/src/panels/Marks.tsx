import type { DataFrame } from '@grafana/data';
import { Tooltip, EventsCanvas, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import { useCallback, useLayoutEffect, useRef } from 'react';

interface Plot {
  ctx: CanvasRenderingContext2D;
  bbox: { left: number; top: number; width: number; height: number };
  scales: { [key: string]: { min?: number | null; max?: number | null } };
  valToPos(value: number, scale: string, canvas?: boolean): number;
}

const at = (frame: DataFrame, name: string, row: number): unknown =>
  frame.fields.find((field) => field.name === name)?.values[row];

/** Annotations of a dashboard: a line at a moment, a band over a time, and a mark below that says what it was. */
export function Marks({ config, frames }: { config: UPlotConfigBuilder; frames: DataFrame[] }) {
  const theme = useTheme2();
  const plot = useRef<Plot | undefined>(undefined);
  const shown = useRef(frames);
  useLayoutEffect(() => {
    shown.current = frames;
  }, [frames]);
  const colorOf = useCallback(
    (frame: DataFrame, row: number) => theme.visualization.getColorByName(String(at(frame, 'color', row) ?? 'blue')),
    [theme],
  );
  useLayoutEffect(() => {
    config.addHook('init', (u) => void (plot.current = u as unknown as Plot));
    config.addHook('draw', (u) => {
      const { ctx, bbox, scales, valToPos } = u as unknown as Plot;
      const x = (time: number) =>
        valToPos.call(u, Math.min(Math.max(time, scales.x?.min ?? time), scales.x?.max ?? time), 'x', true);
      ctx.save();
      for (const frame of shown.current) {
        for (let row = 0; row < frame.length; row++) {
          const [from, to] = [at(frame, 'time', row), at(frame, 'timeEnd', row) ?? at(frame, 'time', row)] as number[];
          if (to! < (scales.x?.min ?? 0) || from! > (scales.x?.max ?? Infinity)) continue;
          ctx.fillStyle = colorOf(frame, row);
          ctx.globalAlpha = 0.1;
          ctx.fillRect(x(from!), bbox.top, x(to!) - x(from!), bbox.height);
          ctx.globalAlpha = 0.8;
          ctx.fillRect(x(from!), bbox.top, 1, bbox.height);
        }
      }
      ctx.restore();
    });
  }, [config, colorOf]);
  const place = useCallback((frame: DataFrame, row: number) => {
    const u = plot.current;
    const time = at(frame, 'time', row) as number;
    if (u === undefined || time > (u.scales.x?.max ?? Infinity)) return undefined;
    const from = Math.max(time, u.scales.x?.min ?? time);
    return { x: u.valToPos(from, 'x'), y: u.bbox.height / window.devicePixelRatio };
  }, []);
  const draw = useCallback(
    (frame: DataFrame, row: number) => {
      const said = [at(frame, 'title', row), at(frame, 'text', row)].filter(Boolean).join(': ');
      return (
        <Tooltip content={said}>
          <span
            aria-label={said}
            role="img"
            style={{
              ...{ display: 'block', width: 0, height: 0, borderLeft: '4px solid transparent' },
              ...{ borderRight: '4px solid transparent', borderBottom: `6px solid ${colorOf(frame, row)}` },
            }}
          />
        </Tooltip>
      );
    },
    [colorOf],
  );
  return (
    <EventsCanvas id="marks" config={config} events={frames} renderEventMarker={draw} mapEventToXYCoords={place} />
  );
}
