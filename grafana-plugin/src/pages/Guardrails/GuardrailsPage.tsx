import { Alert, Button, ClipboardButton, Field, Input, RadioButtonGroup, Stack, TextLink } from '@grafana/ui';
import React, { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Bullets } from '../../components/Bullets';
import { useSearchParams } from 'react-router-dom';
import type { Proposal } from '../../api/answers';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';
import { PathButton } from '../../components/PathButton';
import { paths } from '../../routing/routes';
import { GuardrailTable } from './GuardrailTable';
import { asCode, filterOf, matching, proposalsOf, rowsOf, searchOf, type Filter, type Row } from './rows';
import type { BulkChange } from './changes';
import { Selection } from './Selection';

// Brings the YAML library with it.
const BulkDialog = lazy(() => import('./BulkDialog'));

/** Series that are read to tell which guard-rails fire. */
const SERIES = 1000;
/** Milliseconds after the last keystroke until the URL says what is searched: changing it draws the whole page. */
const SETTLED = 300;

/** Every guard-rail in force: what it does, whether it fires, where it can act nowhere; one or many can be changed. */
function GuardrailsPage() {
  const [search, setSearch] = useSearchParams();
  const [filter, setFilter] = useState(() => filterOf(search));
  const [page, setPage] = useState(1);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // Says what came of it also when what was changed is gone from the list.
  const [asked, setAsked] = useState<{ change: BulkChange; rows: readonly Row[] }>();
  const query = useLiveQuery(queries.guardrails());
  const series = useLiveQuery(queries.series({ firing: true, limit: SERIES }));
  const proposals = useLiveQuery(queries.proposals());
  const write = useMay('write');
  const change = (changed: Partial<Filter>): void => {
    setFilter((now) => ({ ...now, ...changed }));
    setPage(1);
  };
  useEffect(() => {
    const timer = setTimeout(() => setSearch(searchOf(filter), { replace: true }), SETTLED);
    return () => clearTimeout(timer);
    // The setter is another one after each change of the URL.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [filter]);
  const rows = useMemo(
    () => rowsOf(query.data?.items ?? [], series.data?.items ?? [], proposals.data?.items ?? []),
    [query.data, series.data, proposals.data],
  );
  // A keystroke is shown before the table follows.
  const settled = useDeferredValue(filter);
  const shown = useMemo(() => matching(rows, settled), [rows, settled]);
  const chosen = useMemo(() => rows.filter(({ name }) => selected.has(name)), [rows, selected]);
  const select = useCallback((names: readonly string[], isSelected: boolean): void => {
    setSelected((now) => {
      const next = new Set(now);
      for (const name of names) {
        if (isSelected) {
          next.add(name);
        } else {
          next.delete(name);
        }
      }
      return next;
    });
  }, []);
  const unborn = proposalsOf(proposals.data?.items ?? []).filter(
    (proposal) => query.data !== undefined && !rows.some(({ name }) => name === proposal.name),
  );
  return (
    <AppPage
      title={t('guardrails.title', 'Guard-rails')}
      subTitle={t('guardrails.subtitle', 'What may act on calls, in which mode, and whether it does now.')}
      actions={
        <>
          <ClipboardButton variant="secondary" icon="copy" disabled={shown.length === 0} getText={() => asCode(shown)}>
            {t('guardrails.copy', 'Copy as code')}
          </ClipboardButton>
          <PathButton
            icon="plus"
            to={paths.newGuardrail()}
            disabled={!write.allowed}
            tooltip={write.allowed ? undefined : write.reason}
          >
            {t('guardrails.new', 'New guard-rail')}
          </PathButton>
        </>
      }
    >
      <Stack direction="column" gap={2}>
        <Stack gap={2} alignItems="flex-end" wrap="wrap">
          <Field label={t('guardrails.search', 'Search')} noMargin>
            <Input
              id="guardrails-search"
              width={40}
              value={filter.text}
              placeholder={t('guardrails.search-hint', 'Name, owner or model')}
              onChange={({ currentTarget }) => change({ text: currentTarget.value })}
            />
          </Field>
          <RadioButtonGroup
            aria-label={t('guardrails.show', 'Show')}
            value={filter.show}
            onChange={(show) => change({ show })}
            options={[
              { value: '', label: t('guardrails.all', 'All') },
              { value: 'firing', label: t('guardrails.firing', 'Fire now') },
              { value: 'inert', label: t('guardrails.inert', 'Act nowhere') },
              { value: 'waiting', label: t('guardrails.waiting', 'Change waits') },
              ...['enforce', 'warn', 'dryrun', 'off'].map((mode) => ({ value: mode, label: mode })),
            ]}
          />
        </Stack>
        {unborn.length > 0 && <Unborn proposals={unborn} />}
        {chosen.length > 0 && (
          <Selection
            rows={chosen}
            onChange={(bulk) => setAsked({ change: bulk, rows: chosen })}
            onClear={() => setSelected(new Set())}
          />
        )}
        {asked !== undefined && (
          <Suspense fallback={null}>
            <BulkDialog {...asked} onClose={() => setAsked(undefined)} />
          </Suspense>
        )}
        <QueryView
          query={query}
          empty={{
            when: ({ items }) => items.every(({ deleted }) => deleted),
            view: (
              <Nothing message={t('guardrails.none', 'There is no guard-rail')}>
                {t(
                  'guardrails.none-next',
                  'Begin with a tested one for a common use: New guard-rail, or `guardspan init` and `guardspan push` for those that are kept in git.',
                )}
              </Nothing>
            ),
          }}
        >
          {() =>
            shown.length === 0 ? (
              <Nothing
                filtered
                message={t('guardrails.filtered', 'The filter leaves no guard-rail over')}
                button={
                  <Button variant="secondary" onClick={() => change({ text: '', show: '' })}>
                    {t('guardrails.clear', 'Show all')}
                  </Button>
                }
              />
            ) : (
              <GuardrailTable rows={shown} page={page} onPage={setPage} selected={selected} onSelect={select} />
            )
          }
        </QueryView>
      </Stack>
    </AppPage>
  );
}

/** New guard-rails that wait for a second person: nothing of them is in force. */
function Unborn({ proposals }: { proposals: readonly Proposal[] }) {
  return (
    <Alert severity="info" title={t('guardrails.unborn', 'New guard-rails wait for a second person')}>
      <Bullets>
        {proposals.map(({ name, author }) => (
          <li key={name}>
            <TextLink href={paths.guardrail(name)}>{name}</TextLink> ({author})
          </li>
        ))}
      </Bullets>
    </Alert>
  );
}

export default GuardrailsPage;
