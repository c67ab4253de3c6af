import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Card, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { useQuery } from '@tanstack/react-query';
import React, { lazy, Suspense } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { NoPermission } from '../../components/NoPermission';
import { QueryView } from '../../components/QueryView';
import { t } from '../../i18n';
import { useMay } from '../../permissions/useMay';
import { paths, type PanelQuery } from '../../routing/routes';
import { copyOf, EMPTY, owned, STARTERS } from './beginnings';

const FromQuery = lazy(() => import('./FromQuery'));
const Editor = lazy(() => import('../Guardrail/editor/Editor'));

/** A new guard-rail: from a tested starter, as a copy, from a text that another page made, from a query of a panel, or from nothing. */
function NewGuardrailPage() {
  const [search] = useSearchParams();
  const write = useMay('write');
  const [copy, text, starter, expr] = ['copy', 'text', 'starter', 'expr'].map((name) => search.get(name) ?? '');
  const body = !write.allowed ? (
    <NoPermission reason={write.reason} />
  ) : copy ? (
    <Copy name={copy} />
  ) : text ? (
    <Edit origin="text" text={owned(text)} />
  ) : expr ? (
    <Suspense fallback={<LoadingPlaceholder text={t('query.loading', 'Loading…')} />}>
      <FromQuery key={search.toString()} query={queryOf(search, expr)} />
    </Suspense>
  ) : starter ? (
    <Edit origin={starter} text={owned(STARTERS.find(({ name }) => name === starter)?.text ?? EMPTY)} />
  ) : (
    <Starters />
  );
  return (
    <AppPage
      title={t('new.title', 'New guard-rail')}
      parent={{ text: t('guardrails.title', 'Guard-rails'), url: paths.guardrails() }}
      subTitle={t('new.subtitle', 'It begins in dryrun: what it would do is recorded, and nothing is done.')}
    >
      {body}
    </AppPage>
  );
}

/** The query that the link of a panel names. */
function queryOf(search: URLSearchParams, expr: string): PanelQuery {
  const [threshold, others] = ['threshold', 'others'].map((name) => Number(search.get(name) ?? Number.NaN));
  return {
    ...{ expr, title: search.get('title') ?? '' },
    others: Number.isInteger(others) ? others! : 0,
    threshold: Number.isFinite(threshold) ? threshold : undefined,
  };
}

function Copy({ name }: { name: string }) {
  const query = useQuery(queries.guardrail(name));
  return (
    <QueryView query={query}>{({ source }) => <Edit origin={`copy ${name}`} text={copyOf(name, source)} />}</QueryView>
  );
}

function Edit({ origin, text }: { origin: string; text: string }) {
  const navigate = useNavigate();
  return (
    <Suspense fallback={<LoadingPlaceholder text={t('query.loading', 'Loading…')} />}>
      <Editor
        key={origin}
        draftKey={`+new ${origin}`}
        beginning={text}
        onSaved={(name) => navigate(paths.guardrail(name), { replace: true })}
      />
    </Suspense>
  );
}

function Starters() {
  const styles = useStyles2(getStyles);
  const [, setSearch] = useSearchParams();
  const starters = [
    ...STARTERS,
    { name: 'empty', useCase: '', description: t('new.empty', 'A small windowed one to write your own from.') },
  ];
  return (
    <ul aria-label={t('new.starters', 'Starters')} className={styles.starters}>
      {starters.map(({ name, useCase, description }) => (
        <li key={name}>
          <Card noMargin onClick={() => setSearch({ starter: name })}>
            <Card.Heading>{name}</Card.Heading>
            <Card.Description>{description}</Card.Description>
            {useCase !== '' && <Card.Meta>{useCase}</Card.Meta>}
          </Card>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  starters: css({
    listStyle: 'none',
    display: 'grid',
    gridTemplateColumns: `repeat(auto-fill, minmax(min(100%, ${theme.spacing(50)}), 1fr))`,
    gap: theme.spacing(1),
    '& > li > *': { height: '100%' },
  }),
});

export default NewGuardrailPage;
