import { Alert, Badge, Button, RadioButtonGroup, Stack, Tab, TabContent, TabsBar } from '@grafana/ui';
import { useQueryClient } from '@tanstack/react-query';
import React, { useDeferredValue, useMemo, useState } from 'react';
import type { GuardrailView, Published } from '../../../api/answers';
import { Diff } from '../../../components/Diff';
import { Section } from '../../../components/Section';
import { formatClock } from '../../../components/time';
import { checkGuardrail, runTests } from '../../../documents/check';
import { t } from '../../../i18n';
import { useMay } from '../../../permissions/useMay';
import { CodeField } from './CodeField';
import { Conflict } from './Conflict';
import { FormView } from './FormView';
import { GitChange } from './GitChange';
import { ProblemList } from './ProblemList';
import { SaveDialog } from './SaveDialog';
import { TestsView } from './TestsView';
import { useDraft } from './useDraft';

interface Props {
  /** Key of the draft: the name of the guard-rail, or of what a new one is made from. */
  draftKey: string;
  /** What is in force; undefined for a new guard-rail. */
  view?: GuardrailView;
  /** Text that a new guard-rail begins with. */
  beginning?: string;
  /** Called after a save with the name and what came of it. */
  onSaved?: (name: string, published: Published) => void;
}

type Part = 'changes' | 'tests';

/**
 * The editor of a document: text and form over one text, checked and tested in the browser by the language package while it is typed. Every edit
 * is kept in the browser until it is saved or given up.
 */
function Editor({ draftKey, view, beginning = '', onSaved }: Props) {
  const inForce = useMemo(
    () => ({ revision: view?.revision ?? '', source: view?.source ?? beginning }),
    [view?.revision, view?.source, beginning],
  );
  const draft = useDraft(draftKey, inForce);
  const text = useDeferredValue(draft.text);
  const { problems, loaded } = useMemo(() => checkGuardrail(text, view?.name ?? ''), [text, view?.name]);
  const before = useMemo(() => (view === undefined ? undefined : checkGuardrail(view.source, '').loaded), [view]);
  const results = useMemo(() => (loaded === undefined ? undefined : runTests(loaded)), [loaded]);
  const [look, setLook] = useState<'yaml' | 'form'>('yaml');
  const [part, setPart] = useState<Part>('changes');
  const [saving, setSaving] = useState(false);
  const [outcome, setOutcome] = useState<Published>();
  const write = useMay('write');
  const client = useQueryClient();
  const failed = results?.filter(({ passed }) => !passed).length ?? 0;
  const isGit = view !== undefined && before?.normal.metadata.managedBy === 'git';
  const isNew = view === undefined;
  const edit = (next: string): void => {
    // The code editor tells of a text that it was given, too.
    if (next === draft.text) {
      return;
    }
    setOutcome(undefined);
    draft.setText(next);
  };
  const refusal = !write.allowed
    ? write.reason
    : problems.length > 0
      ? t('editor.has-problems', 'Mend what is wrong first.')
      : failed > 0
        ? t('editor.has-failed', 'Its own tests fail.')
        : !draft.changed && !isNew
          ? t('editor.unchanged', 'Nothing is changed.')
          : draft.overtaken
            ? t('editor.overtaken', 'Somebody else changed it: choose above how to go on.')
            : '';
  const saved = (published: Published): void => {
    setSaving(false);
    setOutcome(published);
    if (published.outcome === 'proposed' && !isNew) {
      draft.discard();
    } else if (published.outcome !== 'unchanged') {
      draft.saved();
    }
    for (const queryKey of [['guardrails'], ['proposals'], ['audit']]) {
      void client.invalidateQueries({ queryKey });
    }
    onSaved?.(published.guardrail.name, published);
  };
  return (
    <Section
      title={isNew ? t('editor.new', 'New guard-rail') : t('editor.title', 'Document')}
      actions={
        <Stack gap={1} alignItems="center" wrap="wrap">
          {draft.changed && <Badge color="blue" icon="pen" text={t('editor.changed', 'not saved')} />}
          <RadioButtonGroup
            aria-label={t('editor.look', 'View')}
            value={look}
            onChange={setLook}
            options={[
              { value: 'yaml', label: t('editor.yaml', 'YAML') },
              { value: 'form', label: t('editor.form', 'Form') },
            ]}
          />
          {(draft.changed || draft.restoredAt > 0) && (
            <Button variant="secondary" fill="outline" onClick={draft.discard}>
              {t('editor.discard', 'Discard')}
            </Button>
          )}
          {!isGit && (
            <Button
              icon="save"
              disabled={refusal !== ''}
              tooltip={refusal === '' ? undefined : refusal}
              onClick={() => setSaving(true)}
            >
              {t('editor.save', 'Save…')}
            </Button>
          )}
        </Stack>
      }
    >
      <Stack direction="column" gap={2}>
        {draft.restoredAt > 0 && draft.changed && (
          <Alert
            severity="info"
            title={t('editor.restored', 'Your edit of {{time}} is back', { time: formatClock(draft.restoredAt) })}
          >
            {t('editor.restored-next', 'It was not saved. Discard it to see what is in force.')}
          </Alert>
        )}
        {!draft.kept && (
          <Alert severity="warning" title={t('editor.not-kept', 'This browser keeps no draft')}>
            {t('editor.not-kept-next', 'What you type is lost with this page: save, or copy it, before you leave.')}
          </Alert>
        )}
        {outcome !== undefined && <Outcome published={outcome} />}
        {isGit && (
          <GitChange
            {...{ name: view.name, before: view.source, after: draft.text, refusal }}
            valid={problems.length === 0}
            onEmergency={() => setSaving(true)}
          />
        )}
        {draft.overtaken && view !== undefined && (
          <Conflict
            {...{ base: draft.baseText, mine: draft.text, theirs: view.source }}
            {...{ author: view.author, at: view.at, why: view.why }}
            onTakeTheirs={draft.discard}
            onEditOn={draft.rebase}
            onKeepMine={() => {
              draft.rebase();
              setSaving(problems.length === 0 && write.allowed);
            }}
          />
        )}
        {look === 'yaml' ? (
          <CodeField
            text={draft.text}
            onChange={edit}
            problems={problems}
            label={t('editor.text', 'Text of the document')}
          />
        ) : (
          <FormView guardrail={view?.name ?? ''} text={draft.text} onChange={edit} problems={problems} />
        )}
        <ProblemList problems={problems} />
        <TabsBar>
          <Tab
            label={t('editor.changes', 'Changes')}
            active={part === 'changes'}
            onChangeTab={() => setPart('changes')}
          />
          <Tab
            label={
              failed > 0
                ? t('editor.tests-failed', 'Tests: {{count}} failed', { count: failed })
                : t('editor.tests', 'Tests')
            }
            counter={results?.length}
            active={part === 'tests'}
            onChangeTab={() => setPart('tests')}
          />
        </TabsBar>
        <TabContent>
          {part === 'tests' ? (
            <TestsView results={results} />
          ) : (
            <Diff
              before={draft.base === '' ? '' : draft.baseText}
              after={text}
              label={t('editor.diff', 'What is changed')}
            />
          )}
        </TabContent>
      </Stack>
      {saving && loaded !== undefined && (
        <SaveDialog
          next={{ revision: loaded.revision, guardrail: loaded.normal }}
          before={before && { revision: before.revision, guardrail: before.normal }}
          {...{ text: draft.text, inForce: view?.source ?? '', base: draft.base, breakGlass: isGit }}
          onSaved={saved}
          onClose={() => setSaving(false)}
          onConflict={() => {
            void client.invalidateQueries({ queryKey: ['guardrails'] });
            if (!isNew) {
              setSaving(false);
            }
          }}
        />
      )}
    </Section>
  );
}

/** What came of a save. */
function Outcome({ published: { outcome, guardrail } }: { published: Published }) {
  switch (outcome) {
    case 'proposed':
      return (
        <Alert severity="info" title={t('outcome.proposed', 'It waits for a second person')}>
          {t('outcome.proposed-next', 'What is in force stays until somebody else approves the change.')}
        </Alert>
      );
    case 'unchanged':
      return (
        <Alert severity="info" title={t('outcome.unchanged', 'Nothing changed in meaning')}>
          {t('outcome.unchanged-next', 'Only layout or comments differ, so the evaluator keeps the text that it has.')}
        </Alert>
      );
    default:
      return (
        <Alert severity="success" title={t('outcome.saved', 'It is in force')}>
          {t(
            'outcome.saved-next',
            'Connected processes get it now; Fleet shows which have it. Revision {{revision}}.',
            {
              revision: guardrail.revision.slice(0, 12),
            },
          )}
        </Alert>
      );
  }
}

export default Editor;
