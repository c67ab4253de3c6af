import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEvaluator } from './support/start-evaluator.js';
import { startEvaluator } from './support/start-evaluator.js';

let evaluator: TestEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator();
});
afterAll(() => evaluator.close());

function write(mode: string, managedBy: 'git' | 'ui'): string {
  return evaluator.write(
    'guardrail.yaml',
    `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: streams-of-${managedBy}, managedBy: ${managedBy} }
spec: { at: request, when: streamed, action: { deny: {} }, mode: ${mode} }
`,
  );
}
function run(...argv: string[]) {
  return evaluator.run({}, ...argv);
}

describe('the command with a real evaluator', () => {
  it.each(['git', 'ui'] as const)('checks, creates, changes, shows and deletes a guard-rail of %s', async (owner) => {
    const name = `streams-of-${owner}`;
    const file = write('dryrun', owner);
    expect(await run('apply', '--dry-run', '-f', file)).toEqual({
      code: 0,
      out: `guardrail/${name} valid (dry run)\n`,
      err: '',
    });
    expect((await run('get', 'guardrails')).out.trim().split('\n')).toHaveLength(1);

    expect(await run('apply', '-f', file)).toMatchObject({ code: 0, out: `guardrail/${name} created\n` });
    expect((await run('apply', '-f', file)).out).toBe(`guardrail/${name} unchanged\n`);
    expect((await run('apply', '-f', write('warn', owner))).out).toBe(`guardrail/${name} updated\n`);

    const { out } = await run('get', 'guardrails', name);
    expect(out.split('\n')[1]!.split(/ {2,}/).slice(0, 4)).toEqual([name, 'warn', 'deny', '2']);

    expect(await run('delete', 'guardrails', name)).toMatchObject({
      code: 0,
      out: `guardrail/${name} deleted\n`,
    });
    expect(await run('delete', 'guardrails', name)).toMatchObject({ code: 1 });
    expect((await run('get', 'guardrails', name)).err).toContain('GUARDSPAN_NOT_FOUND');
    await run('apply', '-f', file);
    const near = `${name.slice(0, -1)}x`;
    for (const command of ['get', 'delete'])
      expect((await run(command, 'guardrails', near)).err).toBe(
        `error GUARDSPAN_NOT_FOUND there is no guard-rail "${near}"\n  did you mean "${name}"? \`guardspan get guardrails\` lists what is there\n`,
      );
    await run('delete', 'guardrails', name);
  });
});
