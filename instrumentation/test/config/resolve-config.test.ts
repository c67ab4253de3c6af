import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/config/options.js';
import { resolveConfig } from '../../src/config/resolve-config.js';

const random = (): string => 'random-id';

describe('configuration', () => {
  it('has defaults for everything', () => {
    const config = resolveConfig({}, {}, random);
    expect(config).toMatchObject({
      instance: 'random-id',
      endpoint: '',
      channel: 'auto',
      otlpEndpoint: '',
      allow: ['deny', 'shutdown', 'throttle', 'redact', 'rewrite', 'reroute', 'annotate', 'sample'],
      capture: null,
      disabled: false,
    });
    expect(config.resource.service).toBe('unknown_service:node');
  });

  it('sends the feed to the Collector of the machine once there is an evaluator', () => {
    const endpoint = 'http://evaluator:7420';
    expect(resolveConfig({ endpoint }, {}, random).otlpEndpoint).toBe('http://127.0.0.1:4318');
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(resolveConfig({ endpoint }, env, random).otlpEndpoint).toBe('http://collector:4318');
    expect(resolveConfig({}, env, random).otlpEndpoint).toBe('');
    expect(resolveConfig({ otlpEndpoint: 'http://here:4318' }, env, random).otlpEndpoint).toBe('http://here:4318');
  });

  it('reads the environment, and code wins over it', () => {
    const env = {
      OTEL_SERVICE_NAME: 'loans',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=pr%20od,service.instance.id=i7',
      GUARDSPAN_ENDPOINT: 'http://evaluator:7420',
      GUARDSPAN_ALLOW_ACTIONS: 'annotate, throttle,nonsense',
      GUARDSPAN_CHANNEL: 'pull',
      GUARDSPAN_DISABLED: 'true',
      GUARDSPAN_CAPTURE: 'age,income',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    };
    expect(resolveConfig({}, env, random)).toMatchObject({
      resource: { service: 'loans', environment: 'pr od' },
      instance: 'i7',
      endpoint: 'http://evaluator:7420',
      channel: 'pull',
      allow: ['throttle', 'annotate'],
      disabled: true,
      capture: { features: ['age', 'income'], outputs: ['age', 'income'] },
      otlpEndpoint: 'http://collector:4318',
    });
    const code = resolveConfig({ service: 'code', allow: ['deny'], disabled: false }, env, random);
    expect(code).toMatchObject({ resource: { service: 'code' }, allow: ['deny'], disabled: false });
  });

  it('reads Rego engines from the environment: paths are bundles, URLs are servers', () => {
    const GUARDSPAN_REGO = 'residency=/etc/residency.tar.gz, central=http://opa:8181,local=unix:///run/opa.sock,bad';
    expect(resolveConfig({}, { GUARDSPAN_REGO }, random).rego).toEqual({
      residency: { bundle: '/etc/residency.tar.gz' },
      central: { url: 'http://opa:8181' },
      local: { url: 'unix:///run/opa.sock' },
    });
    expect(resolveConfig({ rego: {} }, { GUARDSPAN_REGO }, random).rego).toEqual({});
  });

  it('allows nothing when the allow-list is empty', () => {
    expect(resolveConfig({}, { GUARDSPAN_ALLOW_ACTIONS: '' }, random).allow).toEqual([]);
  });

  it('is documented option by option', () => {
    const page = readFileSync(new URL('../../../docs/agent.md', import.meta.url), 'utf8');
    const cell = (name: string): string => (name === '' ? '' : `\`${name}\``);
    const rows = OPTIONS.map((one) => `| ${[cell(one.option), cell(one.env), one.default, one.meaning].join(' | ')} |`);
    const printed = page.split('\n').filter((line) => /^\| (`|\s*\|)/.test(line));
    expect(printed.map((line) => line.replace(/\s+\|/g, ' |').replace(/\|\s+/g, '| '))).toEqual(
      rows.map((line) => line.replace(/\s+\|/g, ' |').replace(/\|\s+/g, '| ')),
    );
  });
});
