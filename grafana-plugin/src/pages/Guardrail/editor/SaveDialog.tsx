import { diffGuardrails, type RevisedGuardrail } from '@guardspan/policy';
import { Alert, Button, Checkbox, Field, LoadingPlaceholder, Modal, RadioButtonGroup, Stack } from '@grafana/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import React, { useState } from 'react';
import { Bullets } from '../../../components/Bullets';
import type { Published } from '../../../api/answers';
import { evaluator } from '../../../api/client';
import { ApiFailure } from '../../../api/failure';
import { Diff } from '../../../components/Diff';
import { Failure } from '../../../components/Failure';
import { readable } from '../../../components/numbers';
import { Reason } from '../../../components/Reason';
import { t } from '../../../i18n';

interface Props {
  /** What would be saved, without problems. */
  next: RevisedGuardrail;
  /** What is in force; undefined for a new one. */
  before: RevisedGuardrail | undefined;
  text: string;
  /** The text in force; empty for a new one. */
  inForce: string;
  base: string;
  /** True for a change, in an emergency, of what git owns: it ends by itself. */
  breakGlass: boolean;
  onSaved: (published: Published, reason: string) => void;
  onClose: () => void;
  /** Somebody changed it meanwhile. */
  onConflict: () => void;
}

/** Seconds for which a change of what git owns may hold. */
const EMERGENCIES = [3600, 4 * 3600, 86_400, 7 * 86_400] as const;

/** Code of the refusal that `allowPartial` overrules. */
const INCOMPATIBLE = 'GUARDSPAN_INCOMPATIBLE';

/** Shows what a change means and what the evaluator would say to it, asks why, and saves. Whatever fails, the text stays. */
export function SaveDialog({
  next,
  before,
  text,
  inForce,
  base,
  breakGlass: isEmergency,
  onSaved,
  onClose,
  onConflict,
}: Props) {
  const { name } = next.guardrail.metadata;
  const [reason, setReason] = useState('');
  const [allowPartial, setAllowPartial] = useState(false);
  const [lasts, setLasts] = useState<number>(EMERGENCIES[0]);
  const breakGlass = isEmergency ? lasts : undefined;
  const save = useMutation({
    mutationFn: () => evaluator.putGuardrail(name, text, { base, why: reason.trim(), allowPartial, breakGlass }),
    onSuccess: (published) => onSaved(published, reason.trim()),
    onError: (error) => {
      if (error instanceof ApiFailure && error.kind === 'conflict') {
        onConflict();
      }
    },
  });
  const trial = useQuery({
    queryKey: ['trial', name, base, next.revision, breakGlass ?? 0],
    queryFn: () =>
      evaluator.putGuardrail(name, text, {
        base,
        why: t('save.trial-why', 'a trial'),
        dryRun: true,
        allowPartial: true,
        breakGlass,
      }),
    // Once saved, the base is no longer in force: what asks all queries anew must not try again.
    enabled: save.isIdle,
    retry: false,
    staleTime: 0,
  });
  const incompatible = trial.data?.incompatible ?? [];
  const refused = save.error instanceof ApiFailure && save.error.code === INCOMPATIBLE;
  const taken = base === '' && save.error instanceof ApiFailure && save.error.kind === 'conflict';
  const waits = reason.trim() === '';
  return (
    <Modal isOpen title={t('save.title', 'Save {{name}}', { name })} onDismiss={onClose}>
      <Stack direction="column" gap={2}>
        <Meaning next={next} before={before} />
        <Diff before={inForce} after={text} label={t('save.diff', 'Changes of the text')} />
        {trial.isPending && <LoadingPlaceholder text={t('save.trial', 'Asking the evaluator what comes of it…')} />}
        {trial.error !== null && save.error === null && !taken && <Failure error={trial.error} />}
        {(trial.data?.warnings ?? []).map((warning) => (
          <Alert key={warning} severity="info" title={warning} />
        ))}
        {(incompatible.length > 0 || refused) && (
          <Stack direction="column" gap={1}>
            <div>
              {t('save.incompatible', 'Processes that cannot load it:')}{' '}
              {incompatible.map(({ service, instance, message }) => `${service}/${instance} (${message})`).join(', ')}
            </div>
            <Checkbox
              value={allowPartial}
              onChange={({ currentTarget }) => setAllowPartial(currentTarget.checked)}
              label={t('save.partial', 'Publish for the others')}
              description={t('save.partial-hint', 'Those that are named keep what they have, and Fleet shows them.')}
            />
          </Stack>
        )}
        {isEmergency && (
          <Field
            label={t('save.emergency', 'It holds for')}
            description={t(
              'save.emergency-hint',
              'Then the revision of the repository is in force again. Until then an alert says that the two differ.',
            )}
            noMargin
          >
            <RadioButtonGroup
              aria-label={t('save.emergency', 'It holds for')}
              value={lasts}
              onChange={setLasts}
              options={EMERGENCIES.map((value) => ({ value, label: describeDuration(value) }))}
            />
          </Field>
        )}
        <Reason value={reason} onChange={setReason} />
        {taken ? (
          <Alert severity="error" title={t('save.taken', 'There is a guard-rail {{name}} already', { name })}>
            {t('save.taken-next', 'Choose another name in the text, or change the one that is there.')}
          </Alert>
        ) : (
          save.error !== null && <Failure error={save.error} />
        )}
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('save.cancel', 'Back')}
        </Button>
        <Button
          icon={save.isPending ? 'spinner' : 'save'}
          disabled={waits || trial.isFetching || save.isPending}
          tooltip={waits ? t('save.say-why', 'Say why first') : undefined}
          onClick={() => save.mutate()}
        >
          {t('save.save', 'Save')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

function describeDuration(seconds: number): string {
  return seconds < 86_400
    ? t('save.hours', '{{count}} hours', { count: seconds / 3600, defaultValue_one: 'an hour' })
    : t('save.days', '{{count}} days', { count: seconds / 86_400, defaultValue_one: 'a day' });
}

/** What changes in meaning, field by field; layout and comments are no change. */
function Meaning({ next, before }: Pick<Props, 'next' | 'before'>) {
  const [change] = diffGuardrails(before === undefined ? [] : [before], [next]);
  if (change === undefined) {
    return (
      <Alert severity="info" title={t('save.same', 'Nothing changes in meaning')}>
        {t('save.same-next', 'Only layout or comments differ. The evaluator keeps the text that it has.')}
      </Alert>
    );
  }
  if (change.change === 'added') {
    return <p>{t('save.new', 'A new guard-rail comes into force.')}</p>;
  }
  return (
    <Bullets>
      {change.fields.map(({ path, before: was, after: is }) => (
        <li key={path}>
          <code>{path}</code>: {readable(was)} → {readable(is)}
        </li>
      ))}
    </Bullets>
  );
}
