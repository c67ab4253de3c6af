import { Button, Field, Input, Stack } from '@grafana/ui';
import React from 'react';
import { useSearchParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { ModelDetail } from './ModelDetail';
import { matching, versionsOf } from './versions';
import { VersionTable } from './VersionTable';

/** Versions of each model that calls were received of: how they do, and which guard-rails look at them. */
function ModelsPage() {
  const [search, setSearch] = useSearchParams();
  const models = useLiveQuery(queries.models());
  const coverage = useLiveQuery(queries.coverage());
  const text = search.get('q') ?? '';
  const open = search.get('open') ?? '';
  const change = (changed: { q?: string; open?: string }): void => {
    const next = Object.entries({ q: text, open, ...changed }).filter(([, value]) => value !== '');
    setSearch(Object.fromEntries(next), { replace: true });
  };
  return (
    <AppPage
      title={t('models.title', 'Models')}
      subTitle={t(
        'models.subtitle',
        'Every version that calls were received of since the evaluator started. Longer in the dashboards.',
      )}
    >
      <QueryView
        query={models}
        empty={{
          when: ({ items }) => items.length === 0,
          view: (
            <Nothing message={t('models.none', 'No call of a model was received yet')}>
              {t(
                'models.none-next',
                'Processes with the package tell of their calls by themselves. Fleet shows whether one is connected.',
              )}
            </Nothing>
          ),
        }}
      >
        {({ items }) => {
          const rows = versionsOf(items, coverage.data);
          const shown = matching(rows, text);
          const opened = rows.find(({ key }) => key === open);
          return (
            <Stack direction="column" gap={2}>
              <Field label={t('models.search', 'Search')} noMargin>
                <Input
                  id="models-search"
                  width={40}
                  value={text}
                  placeholder={t('models.search-hint', 'Model, version or service')}
                  onChange={({ currentTarget }) => change({ q: currentTarget.value })}
                />
              </Field>
              {shown.length === 0 ? (
                <Nothing
                  filtered
                  message={t('models.filtered', 'The filter leaves no model over')}
                  button={
                    <Button variant="secondary" onClick={() => change({ q: '' })}>
                      {t('models.clear', 'Show all')}
                    </Button>
                  }
                />
              ) : (
                <VersionTable rows={shown} open={open} onOpen={(key) => change({ open: key })} />
              )}
              {opened !== undefined && <ModelDetail row={opened} />}
            </Stack>
          );
        }}
      </QueryView>
    </AppPage>
  );
}

export default ModelsPage;
