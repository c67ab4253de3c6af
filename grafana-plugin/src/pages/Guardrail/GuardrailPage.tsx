import { Alert, ClipboardButton, ConfirmModal, LoadingPlaceholder, Stack, Tab, TabContent, TabsBar } from '@grafana/ui';
import React, { lazy, Suspense, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import type { GuardrailView, Proposal as Waiting } from '../../api/answers';
import { ApiFailure } from '../../api/failure';
import { queries } from '../../api/queries';
import { AppPage } from '../../components/AppPage';
import { DispositionChart } from '../../components/DispositionChart';
import { Drill } from '../../components/Drill';
import { Mode } from '../../components/Mode';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { formatTime } from '../../components/time';
import { Drafts } from '../../documents/drafts';
import { valueAt } from '../../documents/valueAt';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';
import { PathButton } from '../../components/PathButton';
import { paths } from '../../routing/routes';
import { History } from './History';
import { Measured } from './Measured';
import { Precision } from './Precision';
import { Proposal } from './Proposal';
import { SeriesTable } from './SeriesTable';
import { WaitingScopes } from './WaitingScopes';

// The editor brings the language package with it.
const Editor = lazy(() => import('./editor/Editor'));

type Part = 'now' | 'document' | 'history';

/** One guard-rail: what it measures and does now, its document to read and change, and how it became what it is. */
function GuardrailPage() {
  const { name = '' } = useParams();
  const query = useLiveQuery(queries.guardrail(name));
  const proposals = useLiveQuery(queries.proposals());
  const write = useMay('write');
  const proposal = proposals.data?.items.find((one) => one.collection === 'guardrails' && one.name === name);
  const isMissing = query.error instanceof ApiFailure && query.error.kind === 'missing';
  return (
    <AppPage
      title={name}
      parent={{ text: t('guardrails.title', 'Guard-rails'), url: paths.guardrails() }}
      actions={
        <>
          <Drill of={name} />
          {query.data !== undefined && !isMissing && <Mode mode={query.data.guardrail.spec.mode} />}
          <ClipboardButton
            variant="secondary"
            icon="copy"
            disabled={query.data === undefined || isMissing}
            getText={() => query.data?.source ?? ''}
          >
            {t('guardrail.copy', 'Copy the document')}
          </ClipboardButton>
          <PathButton
            variant="secondary"
            icon="plus"
            to={paths.newGuardrail({ copy: name })}
            disabled={query.data === undefined || isMissing || !write.allowed}
            tooltip={write.allowed ? undefined : write.reason}
          >
            {t('guardrail.duplicate', 'Duplicate')}
          </PathButton>
        </>
      }
    >
      {isMissing ? (
        <NotInForce name={name} proposal={proposal} />
      ) : (
        <QueryView query={query}>
          {(view) => (
            <Stack direction="column" gap={2}>
              {view.inert !== null && view.inert !== '' && (
                <Alert severity="warning" title={t('guardrail.inert', 'It can act nowhere')}>
                  {view.inert}
                </Alert>
              )}
              {view.breakGlass !== null && (
                <Alert severity="warning" title={t('guardrail.differs', 'It differs from its repository')}>
                  {t(
                    'guardrail.differs-next',
                    '{{author}} changed it in an emergency: {{why}}. The revision of the repository is in force again at {{time}}, or with the next push.',
                    { author: view.author, why: view.why, time: formatTime(view.breakGlass.until) },
                  )}
                </Alert>
              )}
              {proposal !== undefined && <Proposal proposal={proposal} inForce={view.source} />}
              <WaitingScopes guardrail={view.name} />
              <Parts view={view} />
            </Stack>
          )}
        </QueryView>
      )}
    </AppPage>
  );
}

/** Nothing of this name is in force: what waits to be, and what was. */
function NotInForce({ name, proposal }: { name: string; proposal: Waiting | undefined }) {
  const navigate = useNavigate();
  const { error } = useLiveQuery(queries.history(name));
  const never = proposal === undefined && error instanceof ApiFailure && error.kind === 'missing';
  return (
    <Stack direction="column" gap={2}>
      {proposal !== undefined && <Proposal proposal={proposal} inForce="" />}
      {never ? (
        <Nothing
          message={t('guardrail.never', 'There has never been a guard-rail of this name')}
          button={<PathButton to={paths.guardrails()}>{t('guardrail.all', 'All guard-rails')}</PathButton>}
        >
          {t('guardrail.never-next', 'The address may have a mistake in the name.')}
        </Nothing>
      ) : (
        <Alert severity="info" title={t('guardrail.not-in-force', 'No guard-rail of this name is in force')}>
          {t('guardrail.not-in-force-next', 'A revision of before can be begun from again.')}
        </Alert>
      )}
      {!never && (
        <History guardrail={name} revision="" onRestore={(source) => navigate(paths.newGuardrail({ text: source }))} />
      )}
    </Stack>
  );
}

function Parts({ view }: { view: GuardrailView }) {
  const [search, setSearch] = useSearchParams();
  const [restoring, setRestoring] = useState<string>();
  const asked = search.get('view');
  const part: Part = asked === 'document' || asked === 'history' ? asked : 'now';
  const open = (next: Part): void => setSearch(next === 'now' ? {} : { view: next }, { replace: true });
  const over = valueAt(view.guardrail, ['spec', 'over']);
  const restore = (source: string): void => {
    const draft = { text: source, base: view.revision, baseText: view.source, at: Date.now() / 1000 };
    new Drafts(window.localStorage).write(view.name, draft);
    setRestoring(undefined);
    open('document');
  };
  const titles: { [part in Part]: string } = {
    now: t('guardrail.now', 'Now'),
    document: t('guardrail.document', 'Document'),
    history: t('guardrail.history', 'History'),
  };
  return (
    <>
      <TabsBar>
        {(['now', 'document', 'history'] as const).map((one) => (
          <Tab key={one} label={titles[one]} active={one === part} onChangeTab={() => open(one)} />
        ))}
      </TabsBar>
      <TabContent>
        {part === 'now' && (
          <Stack direction="column" gap={2}>
            {over !== null && over !== undefined && (
              <Measured view={view} tested={Boolean(valueAt(over, ['evidence']))} />
            )}
            <DispositionChart guardrail={view.name} />
            {over !== null && over !== undefined && <Precision guardrail={view.name} />}
            {over !== null && over !== undefined && <SeriesTable guardrail={view.name} />}
          </Stack>
        )}
        {part === 'document' && (
          <Suspense fallback={<LoadingPlaceholder text={t('query.loading', 'Loading…')} />}>
            <Editor draftKey={view.name} view={view} />
          </Suspense>
        )}
        {part === 'history' && (
          <History
            guardrail={view.name}
            revision={view.revision}
            onRestore={(source) =>
              new Drafts(window.localStorage).read(view.name) === undefined ? restore(source) : setRestoring(source)
            }
          />
        )}
      </TabContent>
      <ConfirmModal
        isOpen={restoring !== undefined}
        title={t('guardrail.restore-title', 'Restore an old revision')}
        body={t(
          'guardrail.restore-body',
          'You have an edit of this guard-rail that is not saved. Restoring replaces it.',
        )}
        confirmText={t('guardrail.restore-confirm', 'Replace my edit')}
        onConfirm={() => restore(restoring ?? '')}
        onDismiss={() => setRestoring(undefined)}
      />
    </>
  );
}

export default GuardrailPage;
