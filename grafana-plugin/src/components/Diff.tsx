import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { aroundChanges, compareLines } from '../documents/lines';
import { t } from '../i18n';

/** Lines that are shown around a change. */
const AROUND = 3;

interface Props {
  before: string;
  after: string;
  /** What is compared, for those who do not see it. */
  label: string;
}

/** How one text became another, line by line, with a sign for each line beside its colour. */
export function Diff({ before, after, label }: Props) {
  const styles = useStyles2(getStyles);
  const lines = useMemo(() => aroundChanges(compareLines(before, after), AROUND), [before, after]);
  if (lines.every((line) => line === null || line.kind === 'same')) {
    return <p>{t('diff.same', 'The texts are the same.')}</p>;
  }
  const signs = { same: ' ', added: '+', removed: '-' };
  return (
    <div className={styles.box} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <tbody>
          {lines.map((line, index) =>
            line === null ? (
              <tr key={index}>
                <td className={styles.number} colSpan={2}>
                  ⋯
                </td>
                <td colSpan={2} />
              </tr>
            ) : (
              <tr key={index} className={cx(line.kind !== 'same' && styles[line.kind])}>
                <td className={styles.number}>{line.before || ''}</td>
                <td className={styles.number}>{line.after || ''}</td>
                <td>{signs[line.kind]}</td>
                <td className={styles.text}>{line.text}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    maxHeight: theme.spacing(60),
    overflow: 'auto',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    td: { padding: theme.spacing(0, 1), verticalAlign: 'top' },
  }),
  number: css({ color: theme.colors.text.secondary, textAlign: 'right', userSelect: 'none', width: theme.spacing(5) }),
  text: css({ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', width: '100%' }),
  added: css({ background: theme.colors.success.transparent }),
  removed: css({ background: theme.colors.error.transparent }),
});
