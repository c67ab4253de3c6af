import { MAX_DEADLINE } from './check-uses.js';
import type { Finding } from './finding.js';
import type { Guardrail } from './types.js';

/** What {@link Guardrail} actions write in the place of the text as it was. */
const TEXT = '{text}';

/** Checks how a guard-rail rewrites texts. Nothing for other actions. Names of rewriters are declared where the process runs, so only the way of asking is checked here. */
export function checkRewrite({ action, at, tests }: Guardrail['spec']): Finding[] {
  if (action.type !== 'rewrite') return [];
  const findings: Finding[] = [];
  const say = (path: (string | number)[], message: string, hint: string): number =>
    findings.push({ code: 'GUARDSPAN_DOC_REWRITE', path: ['spec', ...path], message, hint });
  const base = ['action', 'rewrite'];
  const { by } = action;
  if ((action.with === undefined) === (by === undefined))
    say(base, 'a rewrite has exactly one of `with` and `by`', 'write a text (`with`), or name a rewriter (`by`)');
  if (action.with !== undefined && action.with.split(TEXT).length > 2)
    say([...base, 'with'], 'the text as it was can stand in the new one once', 'write {text} once, or leave it out');
  if (by !== undefined && !(by.deadline > 0 && by.deadline <= MAX_DEADLINE))
    say(
      [...base, 'deadline'],
      `a call waits at most ${MAX_DEADLINE} s for a rewriter`,
      'write a deadline between 1ms and 30s',
    );
  if (at !== 'request' && action.roles.length > 0)
    say([...base, 'roles'], `at ${at} the model speaks, and nobody else`, 'remove `roles`, or use `at: request`');
  if (at === 'chunk') {
    const later = 'use `at: response`, or a text without {text}';
    if (by !== undefined) say([...base, 'by'], 'at chunk each piece would wait for the rewriter', later);
    if (action.with?.includes(TEXT) === true)
      say([...base, 'with'], 'at chunk the text is not known to its end, and a part of it has gone out', later);
  }
  if (by !== undefined)
    for (const [index, { expect }] of tests.entries())
      if (expect.text !== undefined)
        say(
          ['tests', index, 'expect', 'text'],
          `what ${by.name} makes of a text is known only where it is declared`,
          'expect `action: rewrite` alone, and test the rewriter where it is written',
        );
  return findings;
}
