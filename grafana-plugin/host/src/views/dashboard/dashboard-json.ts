import type { AnnotationQuery, DataQuery, DataTransformerConfig, FieldConfigSource } from '@grafana/data';

interface Source {
  uid: string;
  type: string;
}

/** A panel of a dashboard, as its JSON has it. */
export interface PanelJson {
  id: number;
  title?: string;
  description?: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  options?: object;
  fieldConfig?: FieldConfigSource;
  datasource?: Source;
  targets?: DataQuery[];
  transformations?: DataTransformerConfig[];
  transparent?: boolean;
}

/** A variable of a dashboard, as its JSON has it. */
export interface VariableJson {
  name: string;
  label?: string;
  type: string;
  query: string | { query: string; refId: string };
  datasource?: Source;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  refresh?: number;
  sort?: number;
}

/** A link at the head of a dashboard: to one address, or to all dashboards with one of its tags. */
export interface LinkJson {
  title: string;
  type: 'link' | 'dashboards';
  url?: string;
  tags: string[];
  keepTime: boolean;
  includeVars: boolean;
}

/** A dashboard of Grafana's classic schema, as far as the host shows it. */
export interface DashboardJson {
  uid: string;
  title: string;
  tags?: string[];
  time?: { from: string; to: string };
  refresh?: string;
  panels: PanelJson[];
  links?: LinkJson[];
  templating?: { list: VariableJson[] };
  annotations?: { list: AnnotationQuery[] };
}

/** A dashboard as the list of them names it. */
export interface DashboardName {
  uid: string;
  title: string;
  tags: string[];
}
