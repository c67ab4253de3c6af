import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';

interface Props {
  /** Colours by their names in Grafana's palette. */
  entries: ReadonlyArray<{ name: string; color: string }>;
}

/** What the colours of a chart stand for. Grafana's own legend calls each of its buttons "All series selected", whatever it says. */
export function ChartLegend({ entries }: Props) {
  const styles = useStyles2(getStyles);
  const { visualization } = useTheme2();
  return (
    <ul className={styles.list}>
      {entries.map(({ name, color }) => (
        <li key={name} className={styles.entry}>
          <span className={styles.swatch} style={{ background: visualization.getColorByName(color) }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2), listStyle: 'none' }),
  entry: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), ...theme.typography.bodySmall }),
  swatch: css({ width: theme.spacing(2), height: theme.spacing(0.5), borderRadius: theme.shape.radius.default }),
});
