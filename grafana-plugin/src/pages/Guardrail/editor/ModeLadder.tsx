import { Field, RadioButtonGroup, Stack } from '@grafana/ui';
import React from 'react';
import { valueAt } from '../../../documents/valueAt';
import { t } from '../../../i18n';
import { NumberField, TextField, type FormContext } from './FormField';
import { TrackRecord } from './TrackRecord';

const MODE = ['spec', 'mode'];
const ROLLOUT = ['spec', 'rollout'];
/** What is read as another mode, and what is not written. */
const READ_AS: { [mode: string]: string } = { audit: 'dryrun', deny: 'enforce', '': 'dryrun' };
/** Percent of the values of a field; 100 is without a rollout. */
const STEPS = [1, 10, 50, 100];

interface Props {
  form: FormContext;
  /** Name of the guard-rail in force; empty for a new one, which has no record. */
  guardrail: string;
}

/** How far a guard-rail goes: from not looked at to acting on every call, with a share of them before that. */
export function ModeLadder({ form, guardrail }: Props) {
  const written = String(valueAt(form.values, MODE) ?? '');
  const mode = READ_AS[written] ?? written;
  const rollout = valueAt(form.values, [...ROLLOUT, 'percent']);
  const percent = typeof rollout === 'number' ? rollout : 100;
  const meaning: { [mode: string]: string } = {
    off: t('ladder.off', 'It is not looked at.'),
    dryrun: t(
      'ladder.dryrun',
      'What it would do is recorded, and nothing is done. See in Verdicts whether it is right, then go on.',
    ),
    warn: t('ladder.warn', 'It is recorded, stands on spans and raises alerts. Nothing is done to calls.'),
    enforce: t('ladder.enforce', 'It acts. Raising a guard-rail to enforce needs a second person.'),
  };
  return (
    <Stack direction="column" gap={1}>
      <Stack gap={3} wrap="wrap" alignItems="flex-start">
        <Field label={t('ladder.mode', 'Mode')} description={meaning[mode]} noMargin>
          <RadioButtonGroup
            aria-label={t('ladder.mode', 'Mode')}
            value={mode}
            options={['off', 'dryrun', 'warn', 'enforce'].map((value) => ({ value, label: value }))}
            onChange={(next) => form.set(MODE, next)}
          />
        </Field>
        {mode === 'enforce' && (
          <Field
            label={t('ladder.share', 'For a share of calls')}
            description={t('ladder.share-hint', 'All other calls are judged in dryrun.')}
            noMargin
          >
            <RadioButtonGroup
              aria-label={t('ladder.share', 'For a share of calls')}
              value={percent}
              options={[...new Set([...STEPS, percent])]
                .sort((a, b) => a - b)
                .map((value) => ({ value, label: `${value} %` }))}
              onChange={(next) =>
                form.set(
                  ROLLOUT,
                  next === 100
                    ? undefined
                    : { by: 'tenant', ...(valueAt(form.values, ROLLOUT) as object), percent: next },
                )
              }
            />
          </Field>
        )}
      </Stack>
      {guardrail !== '' && (
        <TrackRecord
          {...{ guardrail, mode, percent }}
          windowed={valueAt(form.values, ['spec', 'over']) !== undefined}
        />
      )}
      {rollout !== undefined && (
        <Stack gap={2} wrap="wrap">
          <NumberField {...{ form, path: [...ROLLOUT, 'percent'] }} label={t('ladder.percent', 'Percent')} />
          <TextField
            {...{ form, path: [...ROLLOUT, 'by'] }}
            label={t('ladder.by', 'Chosen by')}
            description={t('ladder.by-hint', 'Calls with the same value of this field are treated alike.')}
          />
        </Stack>
      )}
    </Stack>
  );
}
