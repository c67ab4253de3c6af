import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENV } from '@guardspan/policy';

/** Tokens of one run, as a set-up for several people has them. */
export interface Tokens {
  /** The evaluator's token file; it holds digests only. */
  file: string;
  /** Of the apps and the Collector. */
  agent: string;
  /** Of the scenario itself, which only reads. */
  reader: string;
  /** Of the Grafana app: speaks for its users, up to approver. */
  grafana: string;
}

/** Makes tokens that are good for one run, and the evaluator's file of them. */
export function createTokens(directory: string): Tokens {
  const [agent, reader, grafana] = [1, 2, 3].map(() => randomBytes(24).toString('base64url')) as [
    string,
    string,
    string,
  ];
  const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
  const file = join(directory, 'tokens.json');
  const tokens = [
    { name: 'apps', role: 'agent', sha256: digest(agent) },
    { name: 'scenario', role: 'viewer', sha256: digest(reader) },
    { name: 'grafana', role: 'approver', on_behalf: 'grafana', sha256: digest(grafana) },
  ];
  writeFileSync(file, JSON.stringify({ tokens }), { mode: 0o600 });
  return { file, agent, reader, grafana };
}

/** Tokens of an evaluator that is there already, out of the environment. Throws when one is not set. */
export function readTokens(env: NodeJS.ProcessEnv): Tokens {
  const read = (name: string): string => {
    const value = env[name] ?? '';
    if (value === '') throw new Error(`${name} is not set: DEMO_EVALUATOR_URL needs the tokens of that evaluator`);
    return value;
  };
  return { file: '', agent: read(ENV.AGENT_TOKEN), reader: read(ENV.READER_TOKEN), grafana: '' };
}
