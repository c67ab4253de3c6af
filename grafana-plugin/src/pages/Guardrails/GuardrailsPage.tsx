import { t } from '@grafana/i18n';
import { Button, ClipboardButton, Field, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import React from 'react';
import { useSearchParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { useLiveQuery } from '../../live/useLiveQuery';
import { GuardrailTable } from './GuardrailTable';
import { asCode, filterOf, matching, rowsOf, searchOf, type Filter } from './rows';

/** Series that are read to tell which guard-rails fire. */
const SERIES = 1000;

/** Every guard-rail in force: what it does, whether it fires, and where it can act nowhere. */
function GuardrailsPage() {
  const [search, setSearch] = useSearchParams();
  const filter = filterOf(search);
  const query = useLiveQuery(queries.guardrails());
  const series = useLiveQuery(queries.series({ firing: true, limit: SERIES }));
  const change = (changed: Partial<Filter>): void => setSearch(searchOf({ ...filter, ...changed }), { replace: true });
  const shown = matching(rowsOf(query.data?.items ?? [], series.data?.items ?? []), filter);
  return (
    <AppPage
      title={t('guardrails.title', 'Guard-rails')}
      subTitle={t('guardrails.subtitle', 'What may act on calls, in which mode, and whether it does now.')}
      actions={
        <ClipboardButton variant="secondary" icon="copy" disabled={shown.length === 0} getText={() => asCode(shown)}>
          {t('guardrails.copy', 'Copy as code')}
        </ClipboardButton>
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
              ...['enforce', 'warn', 'dryrun', 'off'].map((mode) => ({ value: mode, label: mode })),
            ]}
          />
        </Stack>
        <QueryView
          query={query}
          empty={{
            when: ({ items }) => items.every(({ deleted }) => deleted),
            view: (
              <Nothing message={t('guardrails.none', 'There is no guard-rail')}>
                {t(
                  'guardrails.none-next',
                  'Begin with `guardspan init`, which writes tested ones for common uses, and `guardspan push`.',
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
              <GuardrailTable rows={shown} />
            )
          }
        </QueryView>
      </Stack>
    </AppPage>
  );
}

export default GuardrailsPage;
