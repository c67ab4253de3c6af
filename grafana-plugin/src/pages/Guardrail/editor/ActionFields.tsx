import { Combobox, Field } from '@grafana/ui';
import React, { useId } from 'react';
import { valueAt } from '../../../documents/valueAt';
import { t } from '../../../i18n';
import { ListField, NumberField, problemsOf, TextField, type FormContext } from './FormField';

/** What an action begins with when it is chosen. */
const BEGINNINGS: { [type: string]: object } = {
  deny: {},
  redact: { detections: ['pii'] },
  rewrite: { with: 'I cannot say that.' },
  throttle: { rate: 1 },
  reroute: { to: 'fallback' },
  shutdown: {},
  annotate: { attributes: { 'guardrail.note': 'seen' } },
  sample: { percent: 10 },
};
const ACTION = ['spec', 'action'];

/** The action and its parameters. */
export function ActionFields({ form, className }: { form: FormContext; className: string }) {
  const id = useId();
  const action = valueAt(form.values, ACTION);
  const type = typeof action === 'object' && action !== null ? (Object.keys(action)[0] ?? '') : '';
  const at = (key: string) => ({ form, path: [...ACTION, type, key] });
  const problem = problemsOf(form.problems, ACTION).find(({ path }) => path === ACTION.join('.'));
  return (
    <div className={className}>
      <Field label={t('form.action-type', 'Action')} invalid={problem !== undefined} error={problem?.message} noMargin>
        <Combobox
          id={id}
          value={type}
          options={Object.keys(BEGINNINGS).map((value) => ({ value, label: value }))}
          onChange={({ value }) => form.set(ACTION, { [value]: BEGINNINGS[value] })}
        />
      </Field>
      {type === 'deny' && (
        <TextField
          {...at('guidance')}
          label={t('form.guidance', 'Guidance')}
          description={t('form.guidance-hint', 'A sentence that an agent can try again on.')}
        />
      )}
      {type === 'redact' && (
        <>
          <ListField {...at('detections')} label={t('form.detections', 'What is found by')} />
          <TextField {...at('with')} label={t('form.with', 'Replaced by')} />
          <ListField {...at('tools')} label={t('form.tools', 'Only in arguments of these tools')} />
        </>
      )}
      {type === 'rewrite' && (
        <>
          <TextField
            {...at('with')}
            label={t('form.rewrite-with', 'New text')}
            description={t('form.rewrite-with-hint', '{text} is the text as it was. Either this or a rewriter.')}
            rows={3}
          />
          <TextField
            {...at('by')}
            label={t('form.rewrite-by', 'Rewriter')}
            description={t('form.rewrite-by-hint', 'A name that processes declare; Fleet shows which do.')}
          />
          <TextField {...at('deadline')} label={t('form.rewrite-deadline', 'The rewriter may take')} />
          <ListField
            {...at('roles')}
            label={t('form.rewrite-roles', 'Whose messages')}
            description={t('form.rewrite-roles-hint', 'At the request: system, user, assistant, tool.')}
          />
        </>
      )}
      {type === 'throttle' && (
        <>
          <NumberField {...at('rate')} label={t('form.rate', 'Calls per second')} />
          <NumberField {...at('burst')} label={t('form.burst', 'At once')} />
        </>
      )}
      {type === 'reroute' && (
        <>
          <TextField
            {...at('to')}
            label={t('form.to', 'Target')}
            description={t('form.to-hint', 'A name that processes declare; Fleet shows which do.')}
          />
          <NumberField {...at('percent')} label={t('form.percent', 'Percent of calls')} />
        </>
      )}
      {type === 'sample' && <NumberField {...at('percent')} label={t('form.sample-percent', 'Percent of traces')} />}
      {type === 'shutdown' && <TextField {...at('fallback')} label={t('form.fallback', 'Answered instead by')} />}
      {(type === 'deny' || type === 'throttle' || type === 'shutdown') && (
        <>
          <NumberField {...at('status')} label={t('form.status', 'HTTP status')} />
          <TextField {...at('retryAfter')} label={t('form.retry-after', 'Try again after')} />
        </>
      )}
    </div>
  );
}
