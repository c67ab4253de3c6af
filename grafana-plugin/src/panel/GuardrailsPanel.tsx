import { css } from '@emotion/css';
import type { PanelProps } from '@grafana/data';
import { Alert, TextLink } from '@grafana/ui';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import React, { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { QueryView } from '../components/QueryView';
import { valuesOf, type Values } from '../datasource/conditions';
import { t } from '../i18n';
import type { Row } from '../pages/Guardrails/rows';
import { useMay } from '../permissions/useMay';
import { paths } from '../routing/routes';
import { entriesOf } from './entries';
import { EntryRow } from './EntryRow';
import type { PanelOptions } from './options';
import { sharedClient } from './sharedClient';
import { useViewing } from './viewing';

const ModeDialog = lazy(() => import('../pages/Guardrails/BulkDialog'));

/** Milliseconds. A stream for each panel would use up the connections that a browser has for a server. */
const REFRESH = 10_000;
/** Guard-rails that are drawn; the list in the app has all. */
const DRAWN = 100;

/** The guard-rails that the variables of a dashboard are about: mode, whether they fire, promise; their mode is changed in place. */
function GuardrailsPanel({ options, width, height, replaceVariables }: PanelProps<PanelOptions>) {
  const viewing = useViewing();
  const client = sharedClient();
  const values = valuesOf(options, (text, scopedVars, format) => replaceVariables(text, scopedVars, format));
  return (
    <div className={css({ width, height, overflow: 'auto' })}>
      {viewing === 'public' ? (
        <p>
          {t(
            'panel.public',
            'Guard-rails are shown to people who are signed in. Use the metrics of the evaluator in Prometheus for public dashboards.',
          )}
        </p>
      ) : (
        <QueryClientProvider client={client}>
          <Permitted values={values} show={options.show} mayChange={viewing === 'dashboard'} />
        </QueryClientProvider>
      )}
    </div>
  );
}

interface Props {
  values: Values;
  show: PanelOptions['show'];
  /** False where nobody changes anything, as on a wall. */
  mayChange: boolean;
}

function Permitted(props: Props) {
  const read = useMay('read');
  return read.allowed ? (
    <Guardrails {...props} />
  ) : (
    <Alert severity="warning" title={t('panel.no-permission', 'You may not see guard-rails')}>
      {read.reason}
    </Alert>
  );
}

function Guardrails({ values, show, mayChange }: Props) {
  const every = { refetchInterval: REFRESH };
  const guardrails = useQuery({ ...queries.guardrails(), ...every });
  const { data: series } = useQuery({ ...queries.series({ limit: 1000 }), ...every });
  // Where there are more series than one answer holds, those that fire are asked for by themselves.
  const more = series !== undefined && series.total > series.items.length;
  const { data: firing } = useQuery({ ...queries.series({ firing: true, limit: 1000 }), ...every, enabled: more });
  const { data: proposals } = useQuery({ ...queries.proposals(), ...every });
  const write = useMay('write');
  const [changing, setChanging] = useState<{ row: Row; mode: string }>();

  const known = more ? (firing?.items ?? []) : [];
  const seen = new Set(known.map((one) => JSON.stringify([one.guardrail, one.series])));
  const all = [
    ...known,
    ...(series?.items ?? []).filter((one) => !seen.has(JSON.stringify([one.guardrail, one.series]))),
  ];
  return (
    <>
      <QueryView query={guardrails}>
        {({ items }) => {
          const entries = entriesOf(items, all, proposals?.items ?? [], values, show);
          return entries.length === 0 ? (
            <Empty show={show} />
          ) : (
            <ul className={css({ listStyle: 'none' })} aria-label={t('guardrails.title', 'Guard-rails')}>
              {entries.slice(0, DRAWN).map((entry) => (
                <EntryRow
                  key={entry.row.name}
                  entry={entry}
                  write={mayChange ? write : undefined}
                  onMode={(mode) => setChanging({ row: entry.row, mode })}
                />
              ))}
              {entries.length > DRAWN && (
                <li>
                  <TextLink href={paths.guardrails()}>
                    {t('panel.more', '{{count}} more in the app', { count: entries.length - DRAWN })}
                  </TextLink>
                </li>
              )}
            </ul>
          );
        }}
      </QueryView>
      {changing !== undefined && (
        <Suspense fallback={null}>
          <ModeDialog
            change={{ kind: 'mode', mode: changing.mode }}
            rows={[changing.row]}
            onClose={() => setChanging(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

function Empty({ show }: { show: PanelOptions['show'] }) {
  return (
    <div role="status">
      <p>
        {show === 'firing'
          ? t('panel.none-firing', 'No guard-rail about this fires now.')
          : t('panel.none', 'No guard-rail is about this.')}
      </p>
      <p>
        {t('panel.none-next', 'The options of the panel say which variables choose them.')}{' '}
        <TextLink href={paths.guardrails()}>{t('panel.open', 'All guard-rails')}</TextLink>
      </p>
    </div>
  );
}

export default GuardrailsPanel;
