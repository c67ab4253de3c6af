import { FieldType, type DataFrame } from '@grafana/data';
import type { Coverage } from '../../api/answers';
import { t } from '../../i18n';
import { table } from './columns';

type CoverageRow = Coverage['rows'][number];
const unguardedOf = ({ unguarded }: CoverageRow): number =>
  Object.values(unguarded).reduce((sum, count) => sum + count, 0);
const count = { type: FieldType.number, config: { unit: 'short', decimals: 0 } };

/** A table of calls guarded of calls made, for each model of a service. */
export function coverageFrame(refId: string, rows: readonly CoverageRow[]): DataFrame {
  return table(refId, rows, [
    {
      name: 'service',
      title: t('datasource.service', 'Service'),
      type: FieldType.string,
      value: ({ service }) => service,
    },
    { name: 'model', title: t('datasource.model', 'Model'), type: FieldType.string, value: ({ model }) => model },
    {
      name: 'version',
      title: t('datasource.version', 'Version'),
      type: FieldType.string,
      value: ({ version }) => version,
    },
    {
      ...{ name: 'coverage', title: t('datasource.coverage', 'Coverage'), type: FieldType.number },
      ...{ value: ({ coverage }) => coverage, config: { unit: 'percentunit', min: 0, max: 1 } },
    },
    { ...count, name: 'guarded', title: t('datasource.guarded', 'Guarded'), value: ({ guarded }) => guarded },
    { ...count, name: 'unguarded', title: t('datasource.unguarded', 'Not guarded'), value: unguardedOf },
    {
      ...{ name: 'reasons', title: t('datasource.reasons', 'Why not'), type: FieldType.string },
      value: ({ unguarded }) => Object.keys(unguarded).sort().join(', '),
    },
  ]);
}

/** A table of calls that nobody guards, by reason. */
export function gapFrame(refId: string, gaps: Coverage['gaps']): DataFrame {
  return table(refId, gaps, [
    {
      name: 'service',
      title: t('datasource.service', 'Service'),
      type: FieldType.string,
      value: ({ service }) => service,
    },
    { name: 'reason', title: t('datasource.reason', 'Reason'), type: FieldType.string, value: ({ reason }) => reason },
    { name: 'name', title: t('datasource.what', 'What'), type: FieldType.string, value: ({ name }) => name },
    { ...count, name: 'calls', title: t('datasource.samples', 'Calls'), value: ({ count: calls }) => calls },
  ]);
}
