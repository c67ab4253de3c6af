import { Alert } from '@grafana/ui';
import { useQuery } from '@tanstack/react-query';
import React from 'react';
import type { KillScope } from '../../api/client';
import { queries } from '../../api/queries';
import { Bullets } from '../../components/Bullets';
import { describeAction } from '../../components/describeAction';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';

/** Names that are written out. */
const NAMED = 12;

/** What will not act any more under a stop: guard-rails by name, directives that hold, and in how many processes. */
export function WhatStops({ scope }: { scope: KillScope }) {
  const { guardrail, model, service } = scope;
  const bindings = useQuery(
    queries.bindings({ ...(model === '' ? {} : { model }), ...(service === '' ? {} : { service }) }),
  );
  const directives = useQuery(queries.directives());
  const fleet = useQuery(queries.fleet());
  const processes = fleet.data?.items.filter((one) => service === '' || one.service === service).length;
  return (
    <QueryView query={bindings}>
      {({ items }) => {
        const stopped = items.filter(
          ({ name, mode }) => mode === 'enforce' && (guardrail === '' || name === guardrail),
        );
        const names = new Set(stopped.map(({ name }) => name));
        const held = (directives.data?.items ?? []).filter(
          (one) =>
            names.has(one.guardrail) &&
            (service === '' || (one.scope['service'] ?? service) === service) &&
            (model === '' || (one.scope['model'] ?? model) === model),
        );
        return stopped.length === 0 ? (
          <Alert severity="info" title={t('stop.nothing', 'No guard-rail enforces anything there now')}>
            {t('stop.nothing-next', 'Those that will while the stop holds do nothing either.')}
          </Alert>
        ) : (
          <Alert
            severity="warning"
            title={t('stop.guardrails', '{{count}} guard-rails stop acting', {
              count: stopped.length,
              defaultValue_one: 'One guard-rail stops acting',
            })}
          >
            <Bullets>
              {stopped.slice(0, NAMED).map(({ name, action }) => (
                <li key={name}>
                  {name} ({action})
                </li>
              ))}
              {stopped.length > NAMED && (
                <li>{t('stop.more', 'and {{count}} more', { count: stopped.length - NAMED })}</li>
              )}
              {held.slice(0, NAMED).map(({ id, guardrail: by, action, scope: of }) => (
                <li key={id}>
                  {t('stop.directive', 'what {{guardrail}} does now: {{action}} for {{scope}}', {
                    guardrail: by,
                    action: describeAction(action),
                    scope: Object.values(of).join(', ') || t('scope.everything', 'everything'),
                  })}
                </li>
              ))}
            </Bullets>
            {processes !== undefined &&
              t('stop.processes', 'In {{count}} connected processes. Calls go to the models unguarded.', {
                count: processes,
                defaultValue_one: 'In one connected process. Calls go to the models unguarded.',
              })}
          </Alert>
        );
      }}
    </QueryView>
  );
}
