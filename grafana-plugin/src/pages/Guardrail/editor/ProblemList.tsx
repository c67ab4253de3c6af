import { Alert } from '@grafana/ui';
import React from 'react';
import { Bullets } from '../../../components/Bullets';
import type { Problem } from '../../../api/failure';
import { t } from '../../../i18n';

/** Problems that are listed. */
const SHOWN = 10;

/** What is wrong in a text, where, and how to mend it. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) {
    return null;
  }
  return (
    <Alert
      severity="error"
      title={t('problems.title', '{{count}} problems', { count: problems.length, defaultValue_one: 'One problem' })}
    >
      <Bullets>
        {problems.slice(0, SHOWN).map(({ code, message, hint, line, column, path }, index) => (
          <li key={index}>
            {t('problems.place', 'Line {{line}}, column {{column}}', { line, column })}
            {path === '' ? '' : ` (${path})`}: {message}
            {hint === '' ? '' : `. ${t('problems.mend', 'To mend it: {{hint}}.', { hint })}`} <code>{code}</code>
          </li>
        ))}
      </Bullets>
      {problems.length > SHOWN && t('problems.more', 'And {{count}} more.', { count: problems.length - SHOWN })}
    </Alert>
  );
}
