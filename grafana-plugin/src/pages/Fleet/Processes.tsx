import { Button, Field, Input, Pagination, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { FleetInstance } from '../../api/answers';
import { Columns } from '../../components/Columns';
import { Nothing } from '../../components/Nothing';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { filterOf, matching, searchOf, standingOf, type Filter, type Standing } from './processes';
import { StandingBadge, standingName } from './StandingBadge';

/** Processes of a page. */
const PAGE = 25;
/** Digits of a digest or id that tell things of one kind apart. */
const DIGITS = 12;

/** Each process: what it is, which set it acknowledged and when, what it can reach and what its own configuration forbids. */
export function Processes({ processes }: { processes: readonly FleetInstance[] }) {
  const [search, setSearch] = useSearchParams();
  const [page, setPage] = useState(1);
  const filter = filterOf(search);
  const shown = matching(processes, filter);
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  const at = Math.min(page, pages);
  const change = (changed: Partial<Filter>): void => {
    setPage(1);
    setSearch(searchOf({ ...filter, ...changed }), { replace: true });
  };
  return (
    <Section
      title={t('fleet.processes', 'Processes')}
      description={t(
        'fleet.processes-hint',
        'Those that are connected, and those that left in the last ten minutes. Those that need a look come first.',
      )}
    >
      <Stack direction="column" gap={2}>
        <Stack gap={2} alignItems="flex-end" wrap="wrap">
          <Field label={t('fleet.search', 'Search')} noMargin>
            <Input
              id="fleet-search"
              width={40}
              value={filter.text}
              placeholder={t('fleet.search-hint', 'Service, environment, host or instance')}
              onChange={({ currentTarget }) => change({ text: currentTarget.value })}
            />
          </Field>
          <RadioButtonGroup<Standing | ''>
            aria-label={t('fleet.standing', 'State')}
            value={filter.standing}
            onChange={(standing) => change({ standing })}
            options={[
              { value: '', label: t('fleet.all', 'All') },
              ...(['current', 'behind', 'refuses', 'left'] as const).map((value) => ({
                value,
                label: standingName(value),
              })),
            ]}
          />
        </Stack>
        {shown.length === 0 ? (
          <Nothing
            filtered
            message={t('fleet.filtered', 'The filter leaves no process over')}
            button={
              <Button variant="secondary" onClick={() => change({ text: '', standing: '' })}>
                {t('fleet.clear', 'Show all')}
              </Button>
            }
          />
        ) : (
          <Columns<FleetInstance>
            label={t('fleet.processes', 'Processes')}
            keyOf={({ instance, incarnation }) => `${instance}/${incarnation}`}
            rows={shown.slice((at - 1) * PAGE, at * PAGE)}
            columns={[
              { title: t('fleet.state', 'State'), cell: (one) => <StandingBadge standing={standingOf(one)} /> },
              { title: t('fleet.service', 'Service'), cell: Service },
              { title: t('fleet.process', 'Process'), cell: Process },
              { title: t('fleet.package', 'Package'), cell: Package },
              { title: t('fleet.revision', 'Guard-rails'), cell: Revision },
              {
                title: t('fleet.targets', 'Targets and rewriters'),
                cell: ({ targets, rewriters = [] }) => [...targets, ...rewriters].join(', ') || '–',
              },
              { title: t('fleet.forbids', 'Forbids'), cell: ({ forbidden }) => forbidden.join(', ') || '–' },
              {
                title: t('fleet.seen', 'Last seen'),
                cell: ({ connected, lastSeen }) => (connected ? t('fleet.now', 'now') : <When at={lastSeen} />),
              },
            ]}
          />
        )}
        {pages > 1 && <Pagination currentPage={at} numberOfPages={pages} onNavigate={setPage} />}
      </Stack>
    </Section>
  );
}

function Service({ service, serviceVersion, environment }: FleetInstance) {
  return (
    <>
      {service}
      {[serviceVersion, environment].map((part) => (part === '' ? '' : ` · ${part}`))}
    </>
  );
}

function Process({ host, pid, instance }: FleetInstance) {
  return (
    <>
      {host === '' ? '' : `${host}, ${pid} · `}
      <code title={instance}>{instance.slice(0, DIGITS)}</code>
    </>
  );
}

function Package({ sdk, featureLevel, transport }: FleetInstance) {
  const way = transport === 'sync' ? t('fleet.pull', 'by pull') : t('fleet.websocket', 'by websocket');
  return (
    <>
      {[
        sdk || t('fleet.no-sdk', 'another client'),
        t('fleet.level', 'level {{featureLevel}}', { featureLevel }),
        way,
      ].join(' · ')}
    </>
  );
}

function Revision({ revision, acknowledgedAt }: FleetInstance) {
  return revision === '' ? (
    <>{t('fleet.not-acknowledged', 'not acknowledged')}</>
  ) : (
    <>
      <code title={revision}>{revision.slice(0, DIGITS)}</code> <When at={acknowledgedAt} />
    </>
  );
}
