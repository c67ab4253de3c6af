import { getTemplateSrv } from '@grafana/runtime';
import { Combobox, Field, type ComboboxOption } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../i18n';
import { askValues } from '../asking';
import type { Conditions } from '../query';

interface Props {
  names: ReadonlyArray<keyof Conditions>;
  conditions: Conditions;
  onChange: (changed: Conditions) => void;
}

/** A field for each condition that narrows what is read: names that are there, variables of the dashboard, or a text with `*`. */
export function ConditionFields({ names, conditions, onChange }: Props) {
  const id = useId();
  const labels: { [name in keyof Conditions]-?: string } = {
    guardrail: t('verdicts.guardrail', 'Guard-rail'),
    owner: t('guardrails.owner', 'Owner'),
    model: t('datasource.model', 'Model'),
    service: t('datasource.service', 'Service'),
  };
  return (
    <>
      {names.map((name) => (
        <Field key={name} label={labels[name]} noMargin>
          <Combobox
            id={`${id}-${name}`}
            width={26}
            isClearable
            createCustomValue
            placeholder={t('datasource.all', 'All')}
            value={conditions[name] ? conditions[name] : null}
            options={(typed: string) => choices(name, typed)}
            onChange={(option) => onChange({ [name]: option?.value ?? '' })}
          />
        </Field>
      ))}
    </>
  );
}

/** Variables, and the names that are there. When they cannot be asked for, the query itself says why. */
async function choices(name: keyof Conditions, typed: string): Promise<Array<ComboboxOption<string>>> {
  const variables = getTemplateSrv()
    .getVariables()
    .map((variable) => `$${variable.name}`);
  const query = { refId: 'values', values: name };
  const values = await askValues(query, {}, new AbortController().signal).catch(() => []);
  return [...variables, ...values.map(({ text }) => text)]
    .filter((value) => value.toLowerCase().includes(typed.toLowerCase()))
    .map((value) => ({ value, label: value }));
}
