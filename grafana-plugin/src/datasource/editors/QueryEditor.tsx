import { CoreApp, type QueryEditorProps } from '@grafana/data';
import { Alert, Checkbox, Combobox, Field, Stack, type ComboboxOption } from '@grafana/ui';
import React, { useId } from 'react';
import { t } from '../../i18n';
import type { GuardrailsDataSource } from '../GuardrailsDataSource';
import { CONDITIONS, DEFAULT_TOPIC, type Conditions, type GuardrailsQuery, type Topic } from '../query';
import { ConditionFields } from './ConditionFields';
import { Limits } from './Limits';

/** Topics that make marks on other panels. */
const MARKS: readonly Topic[] = ['verdicts', 'revisions'];

type Props = QueryEditorProps<GuardrailsDataSource, GuardrailsQuery> & {
  /** Set where annotations are edited. */
  annotation?: unknown;
};

/** What to read, and about what. The same for panels, Explore and annotations. */
function QueryEditor({ query, onChange, onRunQuery, app, annotation }: Props) {
  const id = useId();
  const topic = query.topic ?? DEFAULT_TOPIC;
  const change = (changed: Partial<GuardrailsQuery>) => {
    onChange({ ...query, topic, ...changed });
    onRunQuery();
  };
  const options = topics().filter(({ value }) => annotation === undefined || MARKS.includes(value));
  return (
    <Stack direction="column" gap={1}>
      {isOfServer(app) && <Limits />}
      <Stack gap={1} wrap="wrap" alignItems="flex-end">
        <Field label={t('datasource.topic', 'Show')} noMargin>
          <Combobox<Topic>
            id={`${id}-topic`}
            width={26}
            options={options}
            value={topic}
            onChange={({ value }) => change({ topic: value })}
          />
        </Field>
        <ConditionFields
          names={CONDITIONS[topic]}
          conditions={query}
          onChange={(changed: Conditions) => change(changed)}
        />
      </Stack>
      {topic === 'verdicts' && (
        <div>
          <Checkbox
            label={t('datasource.active', 'Only those that hold now')}
            value={query.active === true}
            onChange={({ currentTarget }) => change({ active: currentTarget.checked })}
          />
        </div>
      )}
      {topic === 'dispositions' && (
        <Alert severity="info" title={t('datasource.hour-title', 'The last hour')}>
          {t(
            'datasource.hour',
            'The evaluator keeps an hour of them. Prometheus has longer ones: see the metrics in its documentation.',
          )}
        </Alert>
      )}
    </Stack>
  );
}

/** Where Grafana's server would ask, and not the browser. */
function isOfServer(app: CoreApp | string | undefined): boolean {
  return app === CoreApp.CloudAlerting || app === CoreApp.UnifiedAlerting;
}

function topics(): Array<ComboboxOption<Topic> & { value: Topic }> {
  return [
    {
      value: 'verdicts',
      label: t('verdicts.title', 'Verdicts'),
      description: t('datasource.topic-verdicts', 'What windowed guard-rails found, in the range'),
    },
    {
      value: 'dispositions',
      label: t('datasource.topic-dispositions', 'Dispositions'),
      description: t('datasource.topic-dispositions-hint', 'What came of verdicts, over time'),
    },
    {
      value: 'evidence',
      label: t('datasource.topic-evidence', 'Evidence'),
      description: t('datasource.topic-evidence-hint', 'Of tests with a promise, over time, with the threshold'),
    },
    {
      value: 'series',
      label: t('verdicts.series', 'Series'),
      description: t('datasource.topic-series-hint', 'What each series measures now'),
    },
    {
      value: 'guardrails',
      label: t('guardrails.title', 'Guard-rails'),
      description: t('datasource.topic-guardrails-hint', 'Those in force, with their mode'),
    },
    {
      value: 'revisions',
      label: t('datasource.topic-revisions', 'Changes'),
      description: t('datasource.topic-revisions-hint', 'Of guard-rails, with who made them'),
    },
    {
      value: 'coverage',
      label: t('datasource.coverage', 'Coverage'),
      description: t('datasource.topic-coverage-hint', 'Calls guarded of calls made'),
    },
    {
      value: 'gaps',
      label: t('datasource.topic-gaps', 'Coverage gaps'),
      description: t('datasource.topic-gaps-hint', 'Calls that nobody guards, and why'),
    },
    {
      value: 'fleet',
      label: t('datasource.topic-fleet', 'Processes'),
      description: t('datasource.topic-fleet-hint', 'What is connected, and what it refused'),
    },
  ];
}

export default QueryEditor;
