import { describe, expect, it } from 'vitest';
import { MessageHandler } from '../../src/channel/message-handler.js';
import { TargetChecks } from '../../src/guard/target-checks.js';
import { RewriterRegistry } from '../../src/rewrite/rewriter-registry.js';
import { guardrails, makeCore } from '../guard/fakes.js';

const DOCUMENT = guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: tone }
spec:
  at: response
  when: 'true'
  action: { rewrite: { by: formal-tone } }
  mode: enforce
`);
const rewrite = (text: string): string => text;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function handlerOf(rewriters: RewriterRegistry): MessageHandler {
  const { core } = makeCore({ rewriters });
  core.declareSite({ client: 'function', version: '', model: '*', modelVersion: '', capabilities: [] });
  const handler = new MessageHandler(core, ['rewrite'], () => undefined);
  // As the file of an earlier run gives them.
  handler.restore(DOCUMENT);
  return handler;
}

describe('a guard-rail that names a rewriter', () => {
  it('is nacked where nobody declares it, and no more once somebody does', () => {
    const rewriters = new RewriterRegistry();
    const handler = handlerOf(rewriters);
    expect(handler.errors).toMatchObject([
      { guardrail: 'tone', code: 'UNKNOWN_REWRITER', message: 'this process declares no rewriter formal-tone' },
    ]);
    rewriters.declare({ name: 'formal-tone', rewrite });
    expect(handler.errors).toEqual([]);
    expect(handler.reconsider()).toMatchObject({ type: 'ack' });
  });

  it('is nacked while the rewriter does not answer its check', async () => {
    const rewriters = new RewriterRegistry();
    const handler = handlerOf(rewriters);
    let up = false;
    let said = 0;
    rewriters.onChange(() => said++);
    rewriters.declare({ name: 'formal-tone', rewrite, check: () => up });
    const { clock } = makeCore();
    const checks = new TargetChecks(rewriters, clock, 'rewriter');
    checks.tick();
    await settled();
    expect(handler.errors).toMatchObject([{ code: 'REWRITER_DOWN' }]);
    expect(rewriters.names()).toEqual([]);
    expect(rewriters.get('formal-tone')).toBeUndefined();
    up = true;
    clock.advance(10);
    checks.tick();
    await settled();
    expect(handler.errors).toEqual([]);
    expect(rewriters.names()).toEqual(['formal-tone']);
    expect(said).toBe(2);
  });
});

describe('the registry of rewriters', () => {
  it('holds 256 names, and the later declaration of one', () => {
    const rewriters = new RewriterRegistry();
    for (let index = 0; index < 300; index++) rewriters.declare({ name: `r${index}`, rewrite });
    expect(rewriters.names()).toHaveLength(256);
    const other = { name: 'r0', rewrite: (text: string) => `${text}!` };
    rewriters.declare(other);
    expect(rewriters.get('r0')).toBe(other);
  });
});
