import { FieldType, type DataFrame } from '@grafana/data';
import type { FleetInstance } from '../../api/answers';
import { t } from '../../i18n';
import { table } from './columns';

/** A table of the processes that are connected. */
export function fleetFrame(refId: string, instances: readonly FleetInstance[]): DataFrame {
  const count = { type: FieldType.number, config: { unit: 'short', decimals: 0 } };
  return table(refId, instances, [
    {
      name: 'service',
      title: t('datasource.service', 'Service'),
      type: FieldType.string,
      value: ({ service }) => service,
    },
    {
      ...{ name: 'environment', title: t('datasource.environment', 'Environment'), type: FieldType.string },
      value: ({ environment }) => environment,
    },
    {
      ...{ name: 'version', title: t('datasource.version', 'Version'), type: FieldType.string },
      value: ({ serviceVersion }) => serviceVersion,
    },
    { name: 'host', title: t('datasource.host', 'Host'), type: FieldType.string, value: ({ host }) => host },
    { ...count, name: 'pid', title: t('datasource.pid', 'Process'), value: ({ pid }) => pid, config: { unit: 'none' } },
    {
      ...{ name: 'connected', title: t('datasource.connected', 'Connected'), type: FieldType.time },
      value: ({ connectedAt }) => connectedAt,
    },
    { name: 'seen', title: t('datasource.seen', 'Last seen'), type: FieldType.time, value: ({ lastSeen }) => lastSeen },
    {
      ...{ name: 'current', title: t('datasource.current', 'Up to date'), type: FieldType.boolean },
      value: ({ current }) => current,
    },
    { ...count, name: 'errors', title: t('datasource.errors', 'Refused'), value: ({ errors }) => errors.length },
    { ...count, name: 'applied', title: t('datasource.applied', 'Directives'), value: ({ applied }) => applied.length },
    {
      ...{ name: 'instance', title: t('datasource.instance', 'Instance'), type: FieldType.string },
      value: ({ instance }) => instance,
    },
  ]);
}
