import { Stack, TextLink } from '@grafana/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import React from 'react';
import type { Coverage, FleetInstance, GuardrailView } from '../../api/answers';
import { formatAgo } from '../../components/time';
import { percent, readable } from '../../components/numbers';
import { Tile } from '../../components/Tile';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import { count, newestArrival } from './processes';

interface Props {
  processes: readonly FleetInstance[];
  guardrails: readonly GuardrailView[] | undefined;
  coverage: UseQueryResult<Coverage, Error>;
}

/** Whether what was published last is in force everywhere, how long that took, and what is not guarded at all. */
export function Convergence({ processes, guardrails, coverage: { data: coverage } }: Props) {
  const { current, behind, refuses, left } = count(processes);
  const connected = current + behind + refuses;
  const arrival = guardrails === undefined ? undefined : newestArrival(guardrails, processes);
  const share = coverage?.coverage ?? null;
  return (
    <Stack gap={2} wrap="wrap">
      <Tile
        label={t('fleet.up-to-date', 'Processes up to date')}
        value={t('overview.of', '{{part}} of {{total}}', { part: current, total: connected })}
        detail={
          connected === 0
            ? t('overview.no-process', 'No process is connected: nothing can be enforced.')
            : refuses > 0
              ? t('fleet.refusing', '{{count}} could not load a guard-rail.', {
                  count: refuses,
                  defaultValue_one: 'One could not load a guard-rail.',
                })
              : behind > 0
                ? t('fleet.behind', '{{count}} do not hold what was published last.', {
                    count: behind,
                    defaultValue_one: 'One does not hold what was published last.',
                  })
                : t('fleet.converged', 'All hold what was published last.')
        }
        tone={connected === 0 || refuses > 0 ? 'alarm' : behind > 0 ? 'attention' : 'calm'}
      />
      <Tile
        label={t('fleet.newest', 'Newest change')}
        value={
          arrival === undefined ? (
            '–'
          ) : (
            <TextLink href={paths.guardrail(arrival.guardrail.name)} inline={false}>
              {arrival.guardrail.name}
            </TextLink>
          )
        }
        detail={
          arrival === undefined
            ? t('fleet.no-guardrail', 'No guard-rail is in force.')
            : `${t('fleet.published', 'By {{author}}, {{ago}}.', {
                author: arrival.guardrail.author,
                ago: formatAgo(arrival.guardrail.at),
              })} ${
                arrival.reached === 0
                  ? t('fleet.reached-none', 'No process had to be told since.')
                  : arrival.took === null
                    ? t('fleet.reached-before', 'A guard-rail was deleted since, and processes hold what is left.')
                    : t('fleet.reached', 'In force in {{count}} processes after {{seconds}} s.', {
                        count: arrival.reached,
                        seconds: readable(Math.round(arrival.took * 1000) / 1000),
                        defaultValue_one: 'In force in one process after {{seconds}} s.',
                      })
              }`
        }
      />
      <Tile
        label={t('fleet.left', 'Left lately')}
        value={String(left)}
        detail={
          left === 0
            ? t('fleet.left-none', 'No process left in the last ten minutes.')
            : t(
                'fleet.left-hint',
                'Ended, or cut off. One that runs on keeps its guard-rails; what becomes of directives its onStale says.',
              )
        }
        tone={left === 0 ? 'calm' : 'attention'}
      />
      <Tile
        label={t('overview.coverage', 'Coverage')}
        value={share === null ? t('overview.no-calls', 'no calls yet') : percent(share)}
        detail={
          coverage === undefined
            ? ''
            : t('overview.coverage-detail', '{{guarded}} calls guarded, {{unguarded}} seen and not guarded.', {
                guarded: coverage.guarded.toLocaleString(),
                unguarded: coverage.unguarded.toLocaleString(),
              })
        }
        tone={(coverage?.unguarded ?? 0) === 0 ? 'calm' : 'attention'}
      />
    </Stack>
  );
}
