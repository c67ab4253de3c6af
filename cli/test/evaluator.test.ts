import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evaluator } from '@guardspan/evaluator';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

let folder = '';
let evaluator: Evaluator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-cli-evaluator-'));
  const flags = { singleUser: true, store: 'memory', listen: '127.0.0.1:0', grpcListen: 'off', logLevel: 'silent' };
  evaluator = await createEvaluator(loadConfig({ flags, env: {} }));
});
afterAll(async () => {
  await evaluator.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(mode: string, managedBy: 'git' | 'ui'): string {
  const path = join(folder, 'guardrail.yaml');
  writeFileSync(
    path,
    `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: streams-of-${managedBy}, managedBy: ${managedBy} }
spec: { at: request, when: streamed, action: { deny: {} }, mode: ${mode} }
`,
  );
  return path;
}
function run(...argv: string[]) {
  return guardspan([...argv, '--server', evaluator.url]);
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
  });
});
