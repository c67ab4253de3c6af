import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import React from 'react';
import { t } from '../i18n';

/** State of a series or verdict in words, colour and sign. */
export function SeriesState({ state }: { state: string }) {
  const looks: { [state: string]: [string, BadgeColor, IconName] } = {
    ok: [t('state.ok', 'ok'), 'green', 'check-circle'],
    pending: [t('state.pending', 'pending'), 'blue', 'clock-nine'],
    firing: [t('state.firing', 'firing'), 'red', 'exclamation-triangle'],
    probing: [t('state.probing', 'probing'), 'orange', 'search'],
    released: [t('state.released', 'released'), 'blue', 'check'],
  };
  const [text, color, icon] = looks[state] ?? [state, 'blue', 'question-circle'];
  return <Badge text={text} color={color} icon={icon} />;
}
