import { FieldType, type DataFrame } from '@grafana/data';
import { describeAction } from '../../components/describeAction';
import { t } from '../../i18n';
import type { Row } from '../../pages/Guardrails/rows';
import { paths } from '../../routing/routes';
import { table } from './columns';

/** A table of guard-rails in force, by name. */
export function guardrailFrame(refId: string, rows: readonly Row[]): DataFrame {
  const open = { title: t('datasource.open', 'Open it'), url: paths.guardrail('') + '${__value.raw:percentencode}' };
  return table(refId, rows, [
    {
      ...{ name: 'guardrail', title: t('verdicts.guardrail', 'Guard-rail'), type: FieldType.string },
      value: ({ name }) => name,
      config: { links: [open] },
    },
    { name: 'mode', title: t('guardrails.mode-title', 'Mode'), type: FieldType.string, value: ({ mode }) => mode },
    {
      ...{ name: 'firing', title: t('datasource.firing', 'Firing series'), type: FieldType.number },
      ...{ value: ({ firing }) => firing, config: { unit: 'short', decimals: 0 } },
    },
    {
      ...{ name: 'action', title: t('guardrails.action', 'Action'), type: FieldType.string },
      value: ({ action }) => describeAction(action),
    },
    { name: 'at', title: t('guardrails.where', 'Judged at'), type: FieldType.string, value: ({ where }) => where },
    {
      ...{ name: 'models', title: t('guardrails.models', 'Models'), type: FieldType.string },
      value: ({ models }) => models.join(', '),
    },
    {
      ...{ name: 'services', title: t('datasource.services', 'Services'), type: FieldType.string },
      value: ({ services }) => services.join(', '),
    },
    { name: 'owner', title: t('guardrails.owner', 'Owner'), type: FieldType.string, value: ({ owner }) => owner },
    {
      ...{ name: 'severity', title: t('datasource.severity', 'Severity'), type: FieldType.string },
      value: ({ severity }) => severity,
    },
    {
      ...{ name: 'inert', title: t('datasource.inert', 'Can act nowhere'), type: FieldType.string },
      value: ({ inert }) => inert,
    },
    { name: 'changed', title: t('guardrails.changed', 'Changed'), type: FieldType.time, value: ({ at }) => at },
    {
      name: 'author',
      title: t('datasource.author', 'Changed by'),
      type: FieldType.string,
      value: ({ author }) => author,
    },
  ]);
}
