import type { GuardrailTestResult } from '@guardspan/policy';
import { Icon, Stack } from '@grafana/ui';
import React from 'react';
import { Columns } from '../../../components/Columns';
import { Nothing } from '../../../components/Nothing';
import { t } from '../../../i18n';

/** What came of the tests of the document, which run here as it is typed. Undefined while the text has errors. */
export function TestsView({ results }: { results: readonly GuardrailTestResult[] | undefined }) {
  if (results === undefined) {
    return <p>{t('tests.wait', 'The tests run once the text has no errors.')}</p>;
  }
  if (results.length === 0) {
    return (
      <Nothing message={t('tests.none', 'It carries no test')}>
        {t(
          'tests.none-next',
          'Write under spec.tests what is given and which action is expected: name, given, expect.',
        )}
      </Nothing>
    );
  }
  return (
    <Columns<GuardrailTestResult & { at: number }>
      label={t('tests.title', 'Tests')}
      keyOf={({ at }) => String(at)}
      rows={results.map((result, at) => ({ ...result, at }))}
      columns={[
        {
          title: t('tests.result', 'Result'),
          cell: ({ passed }) => (
            <Stack gap={0.5} alignItems="center">
              <Icon name={passed ? 'check-circle' : 'times-circle'} aria-hidden="true" />
              {passed ? t('tests.passed', 'passed') : t('tests.failed', 'failed')}
            </Stack>
          ),
        },
        { title: t('tests.test', 'Test'), cell: ({ name }) => name },
        { title: t('tests.why', 'Why'), cell: ({ message }) => message },
      ]}
    />
  );
}
