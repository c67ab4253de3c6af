import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ATTR, GEN_AI, OPENINFERENCE, OPENLLMETRY, RESOURCE } from '../../policy/src/names.js';
import { COLLECTOR, configPath, validate } from './support/collector.js';

const ENV = {
  GUARDSPAN_TRACING_ENDPOINT: '127.0.0.1:14317',
  GUARDSPAN_TRACING_INSECURE: 'true',
  GUARDSPAN_EVALUATOR_OTLP_HTTP: 'http://127.0.0.1:7420',
  GUARDSPAN_EVALUATOR_OTLP_GRPC: '127.0.0.1:7421,127.0.0.1:7431',
  GUARDSPAN_AGENT_TOKEN: 'token',
};

interface Config {
  exporters: Record<string, Record<string, unknown>>;
  service: { pipelines: Record<string, { receivers?: string[]; processors?: string[]; exporters?: string[] }> };
}

const read = (name: string): string => readFileSync(configPath(name), 'utf8');

describe.skipIf(COLLECTOR === undefined)('the Collector accepts', () => {
  it.each([
    [['agent.yaml']],
    [['gateway.yaml']],
    [['bench-nop.yaml']],
    [['agent.yaml', 'tail-sampling.yaml']],
    [['gateway.yaml', 'tail-sampling.yaml']],
  ])('%j', (configs) => {
    expect(validate(configs, ENV)).toEqual({ code: 0, output: '' });
  });

  it('no agent configuration without a tracing backend', () => {
    const { code, output } = validate(['agent.yaml'], { ...ENV, GUARDSPAN_TRACING_ENDPOINT: '' });
    expect(code).toBe(1);
    expect(output).toContain('requires a non-empty "endpoint"');
  });
});

describe.each(['agent.yaml', 'gateway.yaml'])('%s', (name) => {
  const config = parse(read(name)) as Config;
  const toEvaluator = (exporters: readonly string[] = []): boolean => exporters.some((id) => id.includes('/evaluator'));

  it('has no processor on the way of the guard feed but the memory limiter', () => {
    const { pipelines } = config.service;
    expect(pipelines['traces/guard_feed']?.processors).toBeUndefined();
    expect(pipelines['traces/in']?.processors).toEqual(['memory_limiter']);
  });

  it('removes groups on each branch that ends elsewhere than at an evaluator', () => {
    const branches = Object.values(config.service.pipelines).filter(
      ({ exporters = [] }) => !toEvaluator(exporters) && !exporters.includes('routing/guard_feed'),
    );
    expect(branches.map(({ processors }) => processors?.[0])).toEqual(['transform/without_groups']);
  });

  it('retries the evaluator within seconds and bounds its queue', () => {
    const [, exporter] = Object.entries(config.exporters).find(([id]) => toEvaluator([id]))!;
    const protocol = (exporter['protocol'] as Record<string, unknown> | undefined)?.['otlp'] ?? exporter;
    expect(protocol).toMatchObject({
      compression: 'none',
      retry_on_failure: { initial_interval: '250ms', max_interval: '2s' },
      sending_queue: { sizer: 'items', queue_size: 100_000 },
    });
  });
});

describe('attribute names in the configurations', () => {
  const known = new Set<string>(
    [RESOURCE, ATTR, GEN_AI, OPENINFERENCE, OPENLLMETRY].flatMap((group) => Object.values(group)),
  );

  it.each(['agent.yaml', 'gateway.yaml', 'tail-sampling.yaml'])('of %s are those of the conventions', (name) => {
    const used = [...read(name).matchAll(/attributes\["([^"]+)"\]/g)].map((match) => match[1]!);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((attribute) => !known.has(attribute))).toEqual([]);
  });

  it('match the prefixes of groups and truths', () => {
    const pattern = new RegExp(
      /delete_matching_keys\(attributes, "(.+)"\)/.exec(read('agent.yaml'))![1]!.replaceAll('\\\\', '\\'),
    );
    expect(
      [`${ATTR.GROUP_PREFIX}sex`, `${ATTR.TRUTH_PREFIX}repaid`, ATTR.MODEL_NAME].map((key) => pattern.test(key)),
    ).toEqual([true, true, false]);
  });
});
