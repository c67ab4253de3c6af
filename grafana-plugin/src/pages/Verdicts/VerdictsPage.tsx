import { Button, Field, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { filterOf, matching, searchOf, type Filter, type FilterState } from './filter';
import { VerdictTable } from './VerdictTable';

/** Verdicts that are read at a time, and the most that the page goes back to. */
const PAGE = 200;
const MOST = 1000;

/** What windowed guard-rails found, newest first, as it happens. */
function VerdictsPage() {
  const [search, setSearch] = useSearchParams();
  const [limit, setLimit] = useState(PAGE);
  const filter = filterOf(search);
  const query = useLiveQuery(queries.verdicts({ limit, ...(filter.state === 'firing' ? { active: true } : {}) }));
  const change = (changed: Partial<Filter>): void => setSearch(searchOf({ ...filter, ...changed }), { replace: true });
  return (
    <AppPage
      title={t('verdicts.title', 'Verdicts')}
      subTitle={t('verdicts.subtitle', 'What windowed guard-rails found, newest first. A verdict says why.')}
    >
      <Stack direction="column" gap={2}>
        <Stack gap={2} alignItems="flex-end" wrap="wrap">
          <Field label={t('verdicts.search', 'Search')} noMargin>
            <Input
              id="verdicts-search"
              width={40}
              value={filter.text}
              placeholder={t('verdicts.search-hint', 'Guard-rail or value of the series')}
              onChange={({ currentTarget }) => change({ text: currentTarget.value })}
            />
          </Field>
          <RadioButtonGroup<FilterState>
            aria-label={t('verdicts.state', 'State')}
            value={filter.state}
            onChange={(state) => change({ state })}
            options={[
              { value: 'all', label: t('verdicts.all', 'All') },
              { value: 'firing', label: t('verdicts.firing', 'Hold now') },
              { value: 'released', label: t('verdicts.released', 'Released') },
            ]}
          />
        </Stack>
        <QueryView
          query={query}
          empty={{
            when: ({ items }) => items.length === 0,
            view: (
              <Nothing message={t('verdicts.none', 'There is no verdict')}>
                {filter.state === 'firing'
                  ? t('verdicts.none-firing', 'No windowed guard-rail is violated now.')
                  : t(
                      'verdicts.none-next',
                      'Once a windowed guard-rail is violated, its verdict appears here by itself.',
                    )}
              </Nothing>
            ),
          }}
        >
          {({ items }) => {
            const shown = matching(items, filter);
            return (
              <>
                {shown.length === 0 ? (
                  <Nothing
                    filtered
                    message={t('verdicts.filtered', 'The filter leaves no verdict over')}
                    button={
                      <Button variant="secondary" onClick={() => change({ text: '', state: 'all' })}>
                        {t('verdicts.clear', 'Show all')}
                      </Button>
                    }
                  />
                ) : (
                  <VerdictTable verdicts={shown} />
                )}
                {items.length >= limit && limit < MOST && (
                  <Button variant="secondary" onClick={() => setLimit(limit + PAGE)}>
                    {t('verdicts.older', 'Show older ones')}
                  </Button>
                )}
              </>
            );
          }}
        </QueryView>
      </Stack>
    </AppPage>
  );
}

export default VerdictsPage;
