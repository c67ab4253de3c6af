import '../public-path';
import { DataSourcePlugin } from '@grafana/data';
import { later } from '../lazy';
import { GuardrailsDataSource } from './GuardrailsDataSource';
import type { GuardrailsQuery } from './query';

export const plugin = new DataSourcePlugin<GuardrailsDataSource, GuardrailsQuery>(GuardrailsDataSource)
  .setConfigEditor(later(() => import('./editors/ConfigEditor')))
  .setQueryEditor(later(() => import('./editors/QueryEditor')));
