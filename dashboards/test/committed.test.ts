import { readdirSync, readFileSync } from 'node:fs';
import { createDashboards } from '@guardspan/dashboards';
import { DASHBOARD_UID } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const dashboards = createDashboards();

describe('the committed JSON', () => {
  it.each(Object.keys(dashboards))('%s is what the code makes, the same each time', (name) => {
    const made = `${JSON.stringify(createDashboards()[name as keyof typeof dashboards], null, 2)}\n`;
    expect(`${JSON.stringify(dashboards[name as keyof typeof dashboards], null, 2)}\n`).toBe(made);
    expect(read(`json/${name}.json`)).toBe(made);
  });

  it('holds these dashboards and no others', () => {
    const files = readdirSync(new URL('../json', import.meta.url)).sort();
    expect(files).toEqual(
      Object.keys(DASHBOARD_UID)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });
});

describe('the provisioning example', () => {
  it('takes the dashboards from a folder, and names the data source of traces where exemplars lead', () => {
    const providers = parse(read('provisioning/dashboards/guardspan.yaml')) as {
      providers: { options: { path: string } }[];
    };
    expect(providers.providers).toHaveLength(1);
    expect(providers.providers[0]!.options.path).toBe('/var/lib/grafana/dashboards/guardspan');
    const { datasources } = parse(read('provisioning/datasources/guardspan.yaml')) as {
      datasources: {
        type: string;
        uid: string;
        jsonData: { exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[] };
      }[];
    };
    const traces = datasources.find(({ type }) => type === 'tempo')!;
    expect(datasources.find(({ type }) => type === 'prometheus')!.jsonData.exemplarTraceIdDestinations).toEqual([
      { name: 'trace_id', datasourceUid: traces.uid },
    ]);
  });
});
