import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Records what an evaluator answers to changes of a guard-rail and to a stop of enforcement by two people each, for the unit tests: `node scripts/record-changes.mjs` after
 * `npm run build` in the root. It starts an evaluator of its own that keeps nothing. A contract test of the evaluator keeps the answers true.
 */
const folder = mkdtempSync(join(tmpdir(), 'guardspan-record-'));
const tokens = join(folder, 'tokens.yaml');
writeFileSync(
  tokens,
  'tokens:\n  - { name: grafana:ann, role: editor, value_env: ANN }\n  - { name: grafana:bob, role: approver, value_env: BOB }\n  - { name: grafana:eve, role: approver, value_env: EVE }\n',
  { mode: 0o600 },
);
const main = new URL('../../cli/dist/main.js', import.meta.url).pathname;
const options = ['--listen', '127.0.0.1:0', '--grpc-listen', 'off', '--store', 'memory', '--tokens-file', tokens];
const evaluator = spawn(process.execPath, [main, 'serve', ...options], {
  env: {
    ...process.env,
    ANN: 'ann-ann-ann-ann-ann-ann-ann-ann-',
    BOB: 'bob-bob-bob-bob-bob-bob-bob-bob-',
    EVE: 'eve-eve-eve-eve-eve-eve-eve-eve-',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base = await listening(evaluator.stdout);
  const ask = async (who, method, path, { body, headers } = {}) => {
    const response = await fetch(`${base}/api/v1/${path}`, {
      ...{ method, body },
      headers: { authorization: `Bearer ${`${who}-`.repeat(8)}`, 'content-type': 'application/yaml', ...headers },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const record = (operation, answer) => {
    writeFileSync(
      new URL(`../src/test/answers/${operation}.json`, import.meta.url),
      `${JSON.stringify(answer, null, 2)}\n`,
    );
    process.stdout.write(`${operation}\n`);
  };
  const put = (text, headers, why) =>
    ask('ann', 'PUT', `guardrails/polite?${new URLSearchParams({ why })}`, { body: text, headers });
  const { guardrail } = await put(documentIn('dryrun'), { 'if-none-match': '*' }, 'a first try');
  record(
    'putGuardrail',
    await put(documentIn('warn'), { 'if-match': `"${guardrail.revision}"` }, 'it was right for a week'),
  );
  await put(documentIn('enforce'), { 'if-match': '*' }, 'ready to act');
  record('listProposals', await ask('bob', 'GET', 'proposals'));
  record('approveProposal', await ask('bob', 'POST', 'proposals/guardrails/polite/approve'));
  const stopped = await ask('bob', 'POST', 'kill', {
    body: JSON.stringify({
      scope: { guardrail: '', model: '', service: 'assistant' },
      reason: 'false alarms',
      expiresIn: 3600,
    }),
    headers: { 'content-type': 'application/json' },
  });
  record('engageKillSwitch', stopped);
  record('liftKillSwitch', await ask('eve', 'DELETE', `kill/${stopped.id}?reason=mended`));
} finally {
  evaluator.kill();
  rmSync(folder, { recursive: true });
}

function documentIn(mode) {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: polite, labels: { owner: support }, managedBy: ui }
spec:
  description: No answer that shouts.
  match: { models: [chat] }
  at: response
  # A score of another model.
  when: 'output.score > 0.9'
  action: { annotate: { attributes: { tone: loud } } }
  mode: ${mode}
  tests:
    - { name: loud, given: { output: { score: 0.95 } }, expect: { action: annotate } }
    - { name: calm, given: { output: { score: 0.1 } }, expect: { action: allow } }
`;
}

/** The address that the evaluator says it listens on. */
async function listening(output) {
  let text = '';
  for await (const chunk of output) {
    text += chunk;
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (found !== null) {
      output.resume();
      return found[0];
    }
  }
  throw new Error(`the evaluator does not start: ${text}`);
}
