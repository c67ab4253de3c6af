import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { validate, COLLECTOR } from '../../collector/test/support/collector.js';
import { parseTokenFile } from '../../evaluator/src/auth/token-file.js';
import { inRepository } from './support/scratch.js';

// Nothing here runs a container: this holds what can be held without one.
interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  depends_on?: string[];
}
const read = (path: string): string => readFileSync(inRepository(path), 'utf8');
const { services } = parse(read('docker-compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')));

describe('docker-compose.yaml', () => {
  it('has every part of the platform, each with an image of a fixed version', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['alertmanager', 'collector', 'demo', 'evaluator', 'grafana', 'prometheus', 'tempo'].sort(),
    );
    for (const [name, { image }] of Object.entries(services))
      expect(image, name).toMatch(/^guardspan-trial$|:v?\d+\.\d+\.\d+$/);
  });

  it('mounts only what is there, read-only; the built app is what npm run grafana:build makes', () => {
    expect(mounts.length).toBeGreaterThan(8);
    for (const [source, target, mode] of mounts) {
      expect(mode, target).toBe('ro');
      if (source !== './grafana-plugin/dist') expect(existsSync(inRepository(source!)), source).toBe(true);
    }
  });

  it('waits for services that are there, and listens on loopback only', () => {
    for (const { depends_on = [], ports = [] } of Object.values(services)) {
      for (const needed of depends_on) expect(Object.keys(services)).toContain(needed);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('hands everybody tokens that the evaluator takes', () => {
    const { environment = {} } = services['evaluator']!;
    const rules = parseTokenFile(read('compose/tokens.yaml'), 'compose/tokens.yaml', environment);
    expect(rules.map(({ principal }) => [principal.name, principal.role])).toEqual([
      ['apps', 'agent'],
      ['prometheus', 'viewer'],
      ['grafana', 'approver'],
    ]);
    expect(read('compose/prometheus-token').trim()).toBe(environment['GUARDSPAN_READER_TOKEN']);
    for (const name of ['collector', 'demo', 'grafana']) expect(services[name]?.environment).toMatchObject(environment);
  });

  it('starts programs and guard-rails of this repository', () => {
    for (const name of ['evaluator', 'demo']) {
      const [program, script] = services[name]!.command!;
      expect(program).toBe('node');
      expect(existsSync(inRepository(script!.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))), script).toBe(true);
    }
    const folder = services['evaluator']!.command!.find((argument) => argument.startsWith('--guardrails='))!;
    expect(readdirSync(inRepository(folder.slice('--guardrails='.length))).length).toBeGreaterThan(0);
  });
});

describe('provisioning of Grafana', () => {
  it('configures the app, and data sources that the dashboards and the app name', () => {
    const { apps } = parse(read('compose/grafana/plugins/guardspan.yaml')) as {
      apps: { type: string; jsonData: Record<string, string>; secureJsonData: Record<string, string> }[];
    };
    const plugin = JSON.parse(read('grafana-plugin/src/plugin.json')) as { id: string };
    expect(apps).toMatchObject([
      {
        type: plugin.id,
        jsonData: { apiUrl: 'http://evaluator:7420', tracesUid: 'tempo' },
        secureJsonData: { apiToken: '$GUARDSPAN_GRAFANA_TOKEN' },
      },
    ]);
    const { datasources } = parse(read('compose/grafana/datasources/guardspan.yaml')) as {
      datasources: { uid: string; url: string }[];
    };
    expect(datasources.map(({ uid }) => uid)).toEqual(expect.arrayContaining(['prometheus', 'tempo']));
    for (const { url } of datasources.filter((source) => source.url !== undefined))
      expect(Object.keys(services)).toContain(new URL(url).hostname);
  });
});

const PROMETHEUS = process.env['GUARDSPAN_PROMETHEUS_DIR'];
const ALERTMANAGER = process.env['GUARDSPAN_ALERTMANAGER_DIR'];
const run = (program: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};

describe('configurations, by the programs that read them', () => {
  it.skipIf(COLLECTOR === undefined)('Collector', () => {
    expect(validate(['agent.yaml'], services['collector']!.environment!)).toEqual({ code: 0, output: '' });
  });
  it.skipIf(PROMETHEUS === undefined)('Prometheus', () => {
    const promtool = join(PROMETHEUS!, 'promtool');
    const { status, output } = run(
      promtool,
      'check',
      'config',
      '--syntax-only',
      inRepository('compose/prometheus.yml'),
    );
    expect(status, output).toBe(0);
  });
  it.skipIf(ALERTMANAGER === undefined)('Alertmanager', () => {
    const { status, output } = run(
      join(ALERTMANAGER!, 'amtool'),
      'check-config',
      inRepository('compose/alertmanager.yml'),
    );
    expect(status, output).toBe(0);
  });
});
