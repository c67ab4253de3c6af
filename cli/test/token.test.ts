import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DRILL_NAME } from '@guardspan/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';
import type { TestEvaluator } from './support/start-evaluator.js';
import { startEvaluator, tokenOf } from './support/start-evaluator.js';

const VIEWER = tokenOf('vera');
const WRONG = 'w'.repeat(32);
const DRILL = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${DRILL_NAME} }
spec: { at: request, when: streamed, action: { deny: {} }, mode: enforce }
`;

let evaluator: TestEvaluator;
beforeAll(async () => {
  evaluator = await startEvaluator({ people: { vera: 'viewer' }, guardrails: DRILL });
});
afterAll(() => evaluator.close());

function run(env: NodeJS.ProcessEnv, ...argv: string[]) {
  return evaluator.run(env, ...argv);
}

describe('a token that the evaluator does not admit', () => {
  const asked = (what: string, hint: string) => ({
    ...{ code: 1, out: '', err: `error GUARDSPAN_UNAUTHORIZED ${evaluator.url} ${what}\n  ${hint}\n` },
  });
  const give = 'with --token-file FILE or GUARDSPAN_TOKEN';

  it('is named as missing where none was sent', async () => {
    expect(await run({}, 'get', 'guardrails')).toEqual(
      asked('asks for a token, and none was sent', `give one ${give}`),
    );
  });

  it('is named by where it came from where it is not known', async () => {
    const file = evaluator.write('wrong', `${WRONG}\n`);
    expect(await run({ GUARDSPAN_TOKEN: WRONG }, 'get', 'guardrails')).toEqual(
      asked('does not know the token of GUARDSPAN_TOKEN', `give a token of this evaluator ${give}`),
    );
    expect(await run({ GUARDSPAN_TOKEN: VIEWER }, 'audit', 'export', '--token-file', file)).toEqual(
      asked(`does not know the token of --token-file ${file}`, `give a token of this evaluator ${give}`),
    );
  });

  it('is told how to get more rights where its role is too small', async () => {
    const { code, err } = await run({ GUARDSPAN_TOKEN: VIEWER }, 'verdicts', 'approve', 'x', '--reason', 'because');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error GUARDSPAN_FORBIDDEN This needs the role \w+\.\n {2}give a token with that role: --token-file FILE or GUARDSPAN_TOKEN\n$/,
    );
  });

  it.each(['two words', 'line\nbreak', 'ünicode'])(
    'is refused where a header cannot hold it, unsaid: %j',
    async (text) => {
      expect(await run({ GUARDSPAN_TOKEN: text }, 'get', 'guardrails')).toEqual({
        code: 2,
        out: '',
        err: 'error GUARDSPAN_COMMAND_LINE GUARDSPAN_TOKEN: it holds more than a token\n  set it to the bearer token alone\n',
      });
    },
  );
});

describe('the agent token of a drill', () => {
  it.each([
    ['wrong', { GUARDSPAN_AGENT_TOKEN: WRONG }, 'does not know the token of GUARDSPAN_AGENT_TOKEN'],
    ['missing, and the other is no agent', {}, 'This needs the role agent'],
  ])('is named as %s', async (_, env, what) => {
    const { code, out } = await run({ GUARDSPAN_TOKEN: VIEWER, ...env }, 'drill', '--timeout', '1s');
    expect(code).toBe(1);
    const step = out.split('\n').find((line) => line.includes('  process '));
    expect(step).toContain(what);
    expect(step).toContain('--agent-token-file FILE or GUARDSPAN_AGENT_TOKEN');
    expect(out).not.toContain(WRONG);
  });
});

describe('a drill whose guard-rail does not enforce', () => {
  it('says what to write', async () => {
    const dry = await startEvaluator({ guardrails: DRILL.replace('enforce', 'dryrun') });
    try {
      const { code, out } = await dry.run({}, 'drill', '--timeout', '1s');
      expect(code).toBe(1);
      expect(out).toContain('only enforce blocks calls; write mode: enforce into its file and push it');
    } finally {
      await dry.close();
    }
  });
});

describe('the address of the evaluator', () => {
  it('holds no password, and none is printed', async () => {
    const server = 'http://ada:s3cret@127.0.0.1:1';
    const { code, out, err } = await guardspan(['get', 'guardrails', '--server', server]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('the address of the evaluator holds a name or a password');
    expect(err).not.toContain('s3cret');
  });

  it('may not send requests on to another', async () => {
    const seen: IncomingMessage[] = [];
    const other = createServer((request, response) => {
      seen.push(request);
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const first = createServer((_, response) => void response.writeHead(307, { location: elsewhere }).end());
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const server = `http://127.0.0.1:${(first.address() as AddressInfo).port}`;
    try {
      const { code, err } = await guardspan(['get', 'guardrails', '--server', server], {
        env: { GUARDSPAN_TOKEN: VIEWER },
      });
      expect(code).toBe(3);
      expect(err).toContain(`${server} sends requests on to another address, and they are not sent there (HTTP 307)`);
      expect(seen).toEqual([]);
    } finally {
      first.close();
      other.close();
    }
  });
});
