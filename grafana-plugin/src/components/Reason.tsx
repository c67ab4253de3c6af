import { Field, TextArea } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../i18n';

interface Props {
  value: string;
  onChange: (reason: string) => void;
}

/** Why something is changed: every change needs one, and it stays on record. */
export function Reason({ value, onChange }: Props) {
  const id = useId();
  return (
    <Field
      label={t('reason.label', 'Why')}
      description={t('reason.hint', 'Kept with the change and in the audit, beside your name.')}
      required
      noMargin
    >
      <TextArea
        id={id}
        rows={2}
        maxLength={1000}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Field>
  );
}
