import type { DataSourceJsonData, QueryEditorProps } from '@grafana/data';
import { Combobox, Field, Stack, type ComboboxOption } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../i18n';
import type { GuardrailsDataSource } from '../GuardrailsDataSource';
import type { Conditions, GuardrailsQuery, VariableQuery, VariableTopic } from '../query';
import { ConditionFields } from './ConditionFields';

type Props = QueryEditorProps<GuardrailsDataSource, GuardrailsQuery, DataSourceJsonData, VariableQuery>;

/** Conditions that narrow the values of a variable: those of the variables before it in a chain. */
const CONDITIONS: { [topic in VariableTopic]: ReadonlyArray<keyof Conditions> } = {
  guardrail: ['owner', 'model', 'service'],
  owner: ['model', 'service'],
  model: ['service'],
  version: ['model', 'service'],
  service: ['model'],
  environment: [],
};

/** Which names a variable takes as its values. */
function VariableEditor({ query, onChange, onRunQuery }: Props) {
  const id = useId();
  const topic = query.values ?? 'guardrail';
  const change = (changed: Partial<VariableQuery>) => {
    onChange({ ...query, values: topic, ...changed });
    onRunQuery();
  };
  return (
    <Stack gap={1} wrap="wrap" alignItems="flex-end">
      <Field label={t('datasource.values', 'Names of')} noMargin>
        <Combobox<VariableTopic>
          id={`${id}-values`}
          width={26}
          options={topics()}
          value={topic}
          onChange={({ value }) => change({ values: value })}
        />
      </Field>
      <ConditionFields names={CONDITIONS[topic]} conditions={query} onChange={change} />
    </Stack>
  );
}

function topics(): Array<ComboboxOption<VariableTopic>> {
  return [
    { value: 'guardrail', label: t('guardrails.title', 'Guard-rails') },
    { value: 'owner', label: t('datasource.owners', 'Owners') },
    { value: 'model', label: t('guardrails.models', 'Models') },
    { value: 'version', label: t('datasource.versions', 'Versions of models') },
    { value: 'service', label: t('datasource.services', 'Services') },
    { value: 'environment', label: t('datasource.environments', 'Environments') },
  ];
}

export default VariableEditor;
