import { Alert, TextLink } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom';
import type { KillSwitch } from '../api/answers';
import { queries } from '../api/queries';
import { t } from '../i18n';
import { useLiveQuery } from '../live/useLiveQuery';
import { useMay } from '../permissions/useMay';
import { paths } from '../routing/routes';
import { describeStop } from './describeStop';
import { formatTime } from './time';

/** Stops of enforcement, on every page above everything else: under one, what is shown below as enforced is not. */
export function KillBanner() {
  const { allowed } = useMay('read');
  const { pathname } = useLocation();
  const { data } = useLiveQuery({ ...queries.killSwitches(), enabled: allowed });
  return (
    <>
      {data?.items.map((stop) => (
        <Alert key={stop.id} severity="error" title={t('kill.stopped', 'Enforcement is stopped')}>
          {describeStop(stop.scope)}
          {': '}
          {describeEnd(stop)}{' '}
          {!pathname.endsWith(paths.fleet()) && (
            <TextLink href={paths.fleet()}>{t('kill.release-in', 'Release it in Fleet')}</TextLink>
          )}
        </Alert>
      ))}
    </>
  );
}

function describeEnd({ reason, by, until }: KillSwitch): string {
  return until === 0
    ? t('kill.by', '{{reason}} ({{by}}, until it is released).', { reason, by })
    : t('kill.by-until', '{{reason}} ({{by}}, until {{time}}).', { reason, by, time: formatTime(until) });
}
