import { Button } from '@grafana/ui';
import { useQuery } from '@tanstack/react-query';
import React, { useState } from 'react';
import type { KillSwitch } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describeStop } from '../../components/describeStop';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { formatTime } from '../../components/time';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';
import { ReleaseDialog } from './ReleaseDialog';
import { StopDialog } from './StopDialog';

/** The kill switch: what is stopped, by whom and why; stop enforcement of a scope, and release it. */
export function KillSwitches() {
  const query = useLiveQuery(queries.killSwitches());
  const session = useQuery(queries.session());
  const approve = useMay('approve');
  const [stopping, setStopping] = useState(false);
  const [releasing, setReleasing] = useState<KillSwitch>();
  const refusal = ({ by }: KillSwitch): string =>
    !approve.allowed
      ? approve.reason
      : session.data?.separateApprover === true && session.data.name === by
        ? t('kill.own', 'You stopped it. Another approver has to release it, or it ends by itself.')
        : '';
  return (
    <Section
      title={t('kill.title', 'Kill switch')}
      description={t(
        'kill.hint',
        'Under a stop guard-rails still judge and record, and do nothing to calls. It holds in each process within a second.',
      )}
      actions={
        <Button
          variant="destructive"
          icon="ban"
          disabled={!approve.allowed}
          tooltip={approve.reason || undefined}
          onClick={() => setStopping(true)}
        >
          {t('kill.stop', 'Stop enforcement…')}
        </Button>
      }
    >
      <QueryView
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          view: <p>{t('kill.none', 'Nothing is stopped: what is enforced acts.')}</p>,
        }}
      >
        {({ items }) => (
          <Columns<KillSwitch>
            label={t('kill.title', 'Kill switch')}
            keyOf={({ id }) => id}
            rows={items}
            columns={[
              { title: t('kill.scope', 'Stopped'), cell: ({ scope }) => describeStop(scope) },
              { title: t('kill.why', 'Why'), cell: ({ reason }) => reason },
              { title: t('kill.who', 'Who'), cell: ({ by }) => by },
              { title: t('kill.since', 'Since'), cell: ({ at }) => <When at={at} /> },
              {
                title: t('kill.until', 'Until'),
                cell: ({ until }) => (until === 0 ? t('kill.released', 'it is released') : formatTime(until)),
              },
              {
                title: t('kill.then', 'Then'),
                cell: (stop) => (
                  <Button
                    size="sm"
                    variant="secondary"
                    disabled={refusal(stop) !== ''}
                    tooltip={refusal(stop) || undefined}
                    onClick={() => setReleasing(stop)}
                  >
                    {t('kill.release', 'Release…')}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </QueryView>
      {stopping && <StopDialog onClose={() => setStopping(false)} />}
      {releasing !== undefined && <ReleaseDialog stop={releasing} onClose={() => setReleasing(undefined)} />}
    </Section>
  );
}
