import { Alert } from '@grafana/ui';
import React from 'react';
import { queries } from '../../api/queries';
import { Scope } from '../../components/Scope';
import { formatTime } from '../../components/time';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';

/** Stops of enforcement, above everything else: under one, what is shown below as enforced is not. */
export function KillNotice() {
  const { data } = useLiveQuery(queries.killSwitches());
  return (
    <>
      {data?.items.map(({ id, scope, reason, by, until }) => (
        <Alert key={id} severity="error" title={t('overview.killed', 'Enforcement is stopped')}>
          <Scope of={{ 'guard-rail': scope.guardrail, model: scope.model, service: scope.service }} />
          {': '}
          {until === 0
            ? t('overview.killed-by', '{{reason}} ({{by}}, until it is lifted)', { reason, by })
            : t('overview.killed-until', '{{reason}} ({{by}}, until {{time}})', {
                reason,
                by,
                time: formatTime(until),
              })}
        </Alert>
      ))}
    </>
  );
}
