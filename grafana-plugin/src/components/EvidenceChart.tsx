import React from 'react';
import { t } from '../i18n';
import { TimeChart } from './TimeChart';

interface Props {
  /** Seconds from epoch and nats. */
  path: ReadonlyArray<readonly [number, number | null]>;
  threshold: number;
}

/** How evidence grew, against the threshold. */
export function EvidenceChart({ path, threshold }: Props) {
  return (
    <TimeChart
      times={path.map(([at]) => at)}
      lines={[
        { name: t('evidence.evidence', 'Evidence'), values: path.map(([, value]) => value) },
        { name: t('evidence.threshold', 'Threshold'), values: path.map(() => threshold) },
      ]}
    />
  );
}
