import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Stack, Text, useStyles2 } from '@grafana/ui';
import React, { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  /** A sentence that says what is seen. */
  description?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page with its heading. */
export function Section({ title, description, actions, children }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <Stack justifyContent="space-between" alignItems="flex-start">
        <div>
          <div id={id}>
            <Text element="h2" variant="h4">
              {title}
            </Text>
          </div>
          {description !== undefined && (
            <Text element="p" variant="bodySmall" color="secondary">
              {description}
            </Text>
          )}
        </div>
        {actions}
      </Stack>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  section: css({
    flex: '1 1 0',
    minWidth: `min(100%, ${theme.spacing(80)})`,
    padding: theme.spacing(2),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  body: css({ marginTop: theme.spacing(1), overflowX: 'auto' }),
});
