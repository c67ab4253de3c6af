import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ATTR, DRILL_NAME } from '@guardspan/policy';
import { expect, it } from 'vitest';
import { guardspan } from '../../cli/test/support/run-cli.js';
import { COLLECTOR } from '../../collector/test/support/collector.js';
import { startEvaluator } from './support/evaluator.js';
import { collectorPath } from './support/path.js';
import { createScratch, inRepository } from './support/scratch.js';

const TOKENS = { viewer: 'v'.repeat(32), agent: 'a'.repeat(32) };

it.skipIf(COLLECTOR === undefined)(
  'a drill through a real Collector, with tokens that may do no more than it needs, is blocked and leaves no directive',
  async () => {
    const scratch = createScratch();
    const starter = readFileSync(inRepository('cli/starters/drill/guardspan-drill.yaml'), 'utf8');
    scratch.write('rails/drill.yaml', starter.replace('mode: dryrun', 'mode: enforce'));
    const token = (name: 'viewer' | 'agent', more = ''): string =>
      `- { name: ${name}, role: ${name}, sha256: ${createHash('sha256').update(TOKENS[name]).digest('hex')}${more} }\n`;
    const tokens = `tokens:\n${token('viewer')}${token('agent', `, services: [${DRILL_NAME}]`)}`;
    const evaluator = await startEvaluator({
      ...{ dataDir: scratch.path('data'), guardrails: scratch.path('rails'), token: TOKENS.viewer },
      tokensFile: scratch.write('tokens.yaml', tokens),
    });
    const path = await collectorPath(evaluator, ['agent.yaml'], { GUARDSPAN_AGENT_TOKEN: TOKENS.agent });
    try {
      const env = { GUARDSPAN_TOKEN: TOKENS.viewer, GUARDSPAN_AGENT_TOKEN: TOKENS.agent };
      const { out } = await guardspan(['drill', '--server', evaluator.url, '--otlp', path.feed, '--json'], { env });
      const result = JSON.parse(out) as {
        blocked: boolean;
        steps: { step: string; outcome: string; detail: string }[];
      };
      expect(result.blocked, out).toBe(true);
      // This evaluator has no Alertmanager, and the drill says so.
      expect(result.steps.filter(({ outcome }) => outcome === 'failed').map(({ step }) => step)).toEqual([
        'alertmanager',
      ]);
      for (const { attributes } of path.feedSpans)
        expect(attributes).toMatchObject({ [ATTR.DRILL]: true, [ATTR.MODEL_NAME]: DRILL_NAME });
      expect(path.feedSpans.length).toBeGreaterThan(0);
      const { items } = await evaluator.get<{ items: { releasedAt: number }[] }>('/api/v1/directives');
      expect(items.filter(({ releasedAt }) => releasedAt === 0)).toEqual([]);
    } finally {
      await path.close();
      await evaluator.stop();
      scratch.remove();
    }
  },
);
