import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { breadcrumbs } from './breadcrumbs';

/** Where the page is, by its title and those above it. */
export function Breadcrumbs({ name }: { name: string }) {
  const styles = useStyles2(getStyles);
  const [titles, setTitles] = useState('');
  useEffect(() => {
    const subscription = breadcrumbs.current.subscribe(setTitles);
    return () => subscription.unsubscribe();
  }, []);
  return <div className={styles.bar}>{['Home', name, titles].join(' › ')}</div>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    padding: theme.spacing(1, 4),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
});
