import type { FieldConfigSource } from '@grafana/data';

/** What a panel without data says: the text of the dashboard, if it has one. */
export function NoData({ fieldConfig }: { fieldConfig: FieldConfigSource }) {
  return (
    <div style={{ display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center' }}>
      <p data-testid="no-data" style={{ margin: 0, textAlign: 'center' }}>
        {fieldConfig.defaults.noValue ?? 'No data'}
      </p>
    </div>
  );
}
