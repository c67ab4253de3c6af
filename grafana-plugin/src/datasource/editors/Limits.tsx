import { Alert } from '@grafana/ui';
import React from 'react';
import { t } from '../../i18n';

/** What a data source without a part in Grafana's server cannot do, and what does it instead. */
export function Limits() {
  return (
    <Alert severity="info" title={t('datasource.limits', 'Not for alert rules, public dashboards and reports')}>
      {t(
        'datasource.limits-next',
        "Those are asked by Grafana's server, and this data source is asked by the browser of the user. For them use Prometheus with the metrics that the evaluator exports (guardspan_guardrail_firing, guardspan_coverage and others): the alert rules and dashboards of Guardspan are made of them.",
      )}
    </Alert>
  );
}
