import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

/** A document as it was written. Can be reached by keyboard, because it may be wider than its place. */
export function Source({ text, label }: { text: string; label: string }) {
  const styles = useStyles2(getStyles);
  return (
    <pre className={styles.source} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  source: css({
    margin: 0,
    maxHeight: theme.spacing(75),
    overflow: 'auto',
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
