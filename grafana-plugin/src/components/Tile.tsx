import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Text, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  label: string;
  value: ReactNode;
  /** What the value is made of, or what is wrong with it. */
  detail: string;
  tone?: 'calm' | 'attention' | 'alarm';
}

/** One number that answers one question. */
export function Tile({ label, value, detail, tone = 'calm' }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles[tone]} aria-label={label}>
      <Text element="h2" variant="bodySmall" color="secondary">
        {label}
      </Text>
      <div className={styles.value}>{value}</div>
      <Text variant="bodySmall" color="secondary">
        {detail}
      </Text>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const tile = (edge: string) =>
    css({
      flex: '1 1 0',
      minWidth: theme.spacing(24),
      padding: theme.spacing(2),
      background: theme.colors.background.secondary,
      borderRadius: theme.shape.radius.default,
      borderLeft: `${theme.spacing(0.5)} solid ${edge}`,
    });
  return {
    calm: tile(theme.colors.success.border),
    attention: tile(theme.colors.warning.border),
    alarm: tile(theme.colors.error.border),
    value: css({ ...theme.typography.h2, margin: theme.spacing(0.5, 0), overflowWrap: 'anywhere' }),
  };
};
