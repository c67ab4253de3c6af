import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, FieldSet, Stack, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import type { Problem } from '../../../api/failure';
import { readValues, setValue } from '../../../documents/edit';
import { valueAt } from '../../../documents/valueAt';
import { t } from '../../../i18n';
import { ActionFields } from './ActionFields';
import { ChoiceField, ListField, NumberField, TextField, type FormContext } from './FormField';
import { ModeLadder } from './ModeLadder';

interface Props {
  /** Name of the guard-rail in force; empty for a new one. */
  guardrail: string;
  text: string;
  onChange: (text: string) => void;
  problems: readonly Problem[];
}

/** Keys of `spec` that the form has a field for. */
const SHOWN = new Set(
  'description match at over when until for scope action mode rollout onError onStale message'.split(' '),
);

/** The usual fields of a guard-rail. Each writes into the text, so that both views are one. */
export function FormView({ guardrail, text, onChange, problems }: Props) {
  const styles = useStyles2(getStyles);
  const values = useMemo(() => readValues(text), [text]);
  if (values === undefined) {
    return (
      <Alert severity="warning" title={t('form.no-yaml', 'The text cannot be shown as a form')}>
        {t('form.no-yaml-next', 'It is no valid YAML now. Mend it in the YAML view; the place is named beside it.')}
      </Alert>
    );
  }
  const form: FormContext = {
    ...{ values, problems },
    set: (path, value) => onChange(setValue(text, path, value)),
  };
  const windowed = valueAt(values, ['spec', 'over']) !== undefined;
  const others = Object.keys(valueAt(values, ['spec']) ?? {}).filter((key) => !SHOWN.has(key));
  const isTest = valueAt(values, ['spec', 'over', 'test']) !== undefined;
  return (
    <Stack direction="column" gap={2}>
      <ModeLadder form={form} guardrail={guardrail} />
      <FieldSet label={t('form.about', 'What it is for')} className={styles.set}>
        <div className={styles.grid}>
          <TextField
            {...{ form, path: ['spec', 'description'], rows: 2 }}
            label={t('form.description', 'Description')}
          />
          <TextField
            {...{ form, path: ['spec', 'message'], rows: 2 }}
            label={t('form.message', 'Message')}
            description={t('form.message-hint', 'In verdicts and alerts; signals in braces.')}
          />
          <TextField {...{ form, path: ['metadata', 'labels', 'owner'] }} label={t('form.owner', 'Owner')} />
          <TextField {...{ form, path: ['metadata', 'labels', 'severity'] }} label={t('form.severity', 'Severity')} />
        </div>
      </FieldSet>
      <FieldSet label={t('form.match', 'Which calls')} className={styles.set}>
        <p>{t('form.match-hint', 'Separated by commas; * stands for any characters; empty is every.')}</p>
        <div className={styles.grid}>
          <ListField {...{ form, path: ['spec', 'match', 'models'] }} label={t('form.models', 'Models')} />
          <ListField {...{ form, path: ['spec', 'match', 'versions'] }} label={t('form.versions', 'Versions')} />
          <ListField {...{ form, path: ['spec', 'match', 'services'] }} label={t('form.services', 'Services')} />
          <ListField
            {...{ form, path: ['spec', 'match', 'environments'] }}
            label={t('form.environments', 'Environments')}
          />
        </div>
      </FieldSet>
      <FieldSet label={t('form.condition', 'When')} className={styles.set}>
        <div className={styles.grid}>
          {windowed ? (
            <>
              {!isTest && (
                <TextField {...{ form, path: ['spec', 'over', 'window'] }} label={t('form.window', 'Window')} />
              )}
              <TextField
                {...{ form, path: ['spec', 'over', 'every'] }}
                label={t('form.every', 'Judged every')}
                description={t('form.every-hint', 'With a unit, for example 15s.')}
              />
              <ListField
                {...{ form, path: ['spec', 'over', 'groupBy'] }}
                label={t('form.group-by', 'One series for each')}
              />
              {!isTest && (
                <NumberField
                  {...{ form, path: ['spec', 'over', 'minSamples'] }}
                  label={t('form.min-samples', 'Calls that it needs')}
                />
              )}
            </>
          ) : (
            <ChoiceField
              {...{ form, path: ['spec', 'at'] }}
              label={t('form.at', 'Judged at')}
              options={Object.entries({
                request: t('form.request', 'Before the model is asked'),
                chunk: t('form.chunk', 'While the answer arrives'),
                response: t('form.response', 'After the answer'),
              }).map(([value, meaning]) => ({ value, label: value, description: meaning }))}
            />
          )}
          {!isTest && (
            <TextField
              {...{ form, path: ['spec', 'when'], rows: 2 }}
              label={t('form.when', 'It acts when')}
              description={t('form.when-hint', 'A condition in CEL.')}
            />
          )}
          {windowed && !isTest && (
            <>
              <TextField
                {...{ form, path: ['spec', 'until'], rows: 2 }}
                label={t('form.until', 'And until')}
                description={t('form.until-hint', 'Empty: until the condition ends.')}
              />
              <TextField {...{ form, path: ['spec', 'for'] }} label={t('form.for', 'Once it holds for')} />
            </>
          )}
        </div>
      </FieldSet>
      <FieldSet label={t('form.action', 'What it does')} className={styles.set}>
        <ActionFields form={form} className={styles.grid} />
      </FieldSet>
      <FieldSet label={t('form.failure', 'When it cannot decide')} className={styles.set}>
        <div className={styles.grid}>
          <ChoiceField
            {...{ form, path: ['spec', 'onError'] }}
            label={t('form.on-error', 'After an error')}
            options={[
              { value: '', label: t('form.by-action', 'as usual for its action') },
              ...['allow', 'deny'].map((value) => ({ value, label: value })),
            ]}
          />
          <ChoiceField
            {...{ form, path: ['spec', 'onStale'] }}
            label={t('form.on-stale', 'Without the evaluator')}
            options={[
              { value: '', label: t('form.by-action', 'as usual for its action') },
              ...['keep', 'allow', 'deny'].map((value) => ({ value, label: value })),
            ]}
          />
        </div>
      </FieldSet>
      {others.length > 0 && <p>{t('form.others', 'Only in the YAML view: {{keys}}.', { keys: others.join(', ') })}</p>}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  set: css({ marginBottom: 0, legend: { marginBottom: theme.spacing(1), fontSize: theme.typography.h5.fontSize } }),
  grid: css({
    display: 'grid',
    // Fields of a row stand on one line, whether they have an explanation or not.
    alignItems: 'end',
    gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${theme.spacing(34)}), 1fr))`,
    gap: theme.spacing(2),
  }),
});
