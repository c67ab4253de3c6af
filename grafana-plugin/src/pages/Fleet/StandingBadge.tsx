import { css } from '@emotion/css';
import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import React from 'react';
import { t } from '../../i18n';
import type { Standing } from './processes';

/** How a process stands, in words, colour and sign. */
export function StandingBadge({ standing }: { standing: Standing }) {
  const looks: { [standing in Standing]: [BadgeColor, IconName, string] } = {
    current: ['green', 'check', t('fleet.current-hint', 'It acknowledged what was published last.')],
    behind: ['orange', 'clock-nine', t('fleet.behind-hint', 'It has not yet acknowledged what was published last.')],
    refuses: ['red', 'exclamation-triangle', t('fleet.refuses-hint', 'It could not load a guard-rail; see below why.')],
    left: [
      'blue',
      'link-broken',
      t('fleet.left-badge-hint', 'It ended, or it was cut off and goes on with what it holds.'),
    ],
  };
  const [color, icon, tooltip] = looks[standing];
  return (
    <span className={css({ whiteSpace: 'nowrap' })}>
      <Badge text={standingName(standing)} color={color} icon={icon} tooltip={tooltip} />
    </span>
  );
}

/** How a process stands, in words. */
export function standingName(standing: Standing): string {
  const words: { [standing in Standing]: string } = {
    current: t('fleet.standing-current', 'up to date'),
    behind: t('fleet.standing-behind', 'behind'),
    refuses: t('fleet.standing-refuses', 'refuses'),
    left: t('fleet.standing-left', 'left'),
  };
  return words[standing];
}
