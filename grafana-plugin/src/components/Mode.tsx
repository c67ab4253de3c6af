import { Badge, type BadgeColor } from '@grafana/ui';
import React from 'react';
import { t } from '../i18n';

/** Mode of a guard-rail, with what it means on hover. */
export function Mode({ mode }: { mode: string }) {
  const looks: { [mode: string]: [BadgeColor, string] } = {
    off: ['red', t('mode.off', 'Not looked at.')],
    dryrun: ['blue', t('mode.dryrun', 'What it would do is recorded; nothing is done.')],
    warn: ['orange', t('mode.warn', 'Recorded, on the span and in alerts; nothing is done.')],
    enforce: ['purple', t('mode.enforce', 'It acts.')],
  };
  const [color, tooltip] = looks[mode] ?? ['blue', ''];
  return <Badge text={mode} color={color} tooltip={tooltip} />;
}
