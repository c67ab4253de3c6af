import { css } from '@emotion/css';
import { Badge } from '@grafana/ui';
import React from 'react';
import { DRILL_NAME } from '../constants';
import { t } from '../i18n';

/** Marks what comes of a drill (`guardspan drill`), wherever it stands; nothing for everything else. */
export function Drill({ of }: { of: string }) {
  return of === DRILL_NAME ? (
    <span className={css({ whiteSpace: 'nowrap' })}>
      <Badge
        text={t('drill.badge', 'drill')}
        color="blue"
        icon="info-circle"
        tooltip={t(
          'drill.hint',
          'Violated on purpose by guardspan drill, to try the way to the pager. No call of yours is in it.',
        )}
      />
    </span>
  ) : null;
}
