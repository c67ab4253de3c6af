import type { CSSObject } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** How our plain tables look, as Grafana's own lists do. */
export function tableStyle(theme: GrafanaTheme2): CSSObject {
  return {
    width: '100%',
    borderCollapse: 'collapse',
    'th, td': {
      padding: theme.spacing(0.75, 1),
      textAlign: 'left',
      verticalAlign: 'top',
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    },
    th: { ...theme.typography.bodySmall, color: theme.colors.text.secondary, whiteSpace: 'nowrap' },
  };
}
