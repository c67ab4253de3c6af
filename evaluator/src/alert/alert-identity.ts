import { ALERT, DRILL_NAME } from '@guardspan/policy';
import type { Guardrail } from '@guardspan/policy';

type Labels = { [name: string]: string };

/** Labels of the alert about a guard-rail: those that the rule GuardspanGuardrailFiring makes, before external labels. */
export function firingLabels({ metadata }: Guardrail): Labels {
  const values: Record<(typeof ALERT.FIRING_LABELS)[number], string> = {
    alertname: ALERT.FIRING,
    component: ALERT.COMPONENT,
    drill: metadata.name === DRILL_NAME ? ALERT.DRILL : '',
    guardrail: metadata.name,
    owner: ownerOf(metadata.labels),
    severity: severityOf(metadata.labels),
  };
  return withoutEmpty(values);
}

/** Labels of the alert that stands for those which a budget folds. */
export function stormLabels(folded: Labels): Labels {
  const values: Record<(typeof ALERT.STORM_LABELS)[number], string> = {
    alertname: ALERT.STORM,
    component: ALERT.COMPONENT,
    owner: folded['owner'] ?? '',
    severity: folded['severity']!,
  };
  return withoutEmpty(values);
}

/** Adds the external labels where an alert has no label of that name, as Prometheus does. */
export function withExternalLabels(labels: Labels, external: Labels): Labels {
  return { ...external, ...labels };
}

function severityOf(labels: Labels): string {
  return labels['severity'] === undefined || labels['severity'] === '' ? ALERT.DEFAULT_SEVERITY : labels['severity'];
}

function ownerOf(labels: Labels): string {
  return labels['owner'] ?? '';
}

/** Prometheus and Alertmanager drop labels without a value. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
