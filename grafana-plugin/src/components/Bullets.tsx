import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

/** A list with its signs inside of the place that it stands in; children are `li`. */
export function Bullets({ children }: { children: ReactNode }) {
  return <ul className={useStyles2(getStyles)}>{children}</ul>;
}

const getStyles = (theme: GrafanaTheme2) => css({ margin: 0, paddingLeft: theme.spacing(2.5), listStyle: 'disc' });
