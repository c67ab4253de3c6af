import React from 'react';
import { t } from '../i18n';

/** A scope or series, field by field: `model: large · service: shop`. An empty one is everything. */
export function Scope({ of }: { of: { [field: string]: string } }) {
  const fields = Object.entries(of).filter(([, value]) => value !== '');
  return (
    <span>
      {fields.length === 0
        ? t('scope.everything', 'everything')
        : fields.map(([field, value]) => `${field}: ${value}`).join(' · ')}
    </span>
  );
}
