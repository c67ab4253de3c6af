import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { saysHelp } from '../lib/help.mjs';
import { NODE, ROOT } from '../lib/paths.mjs';

describe('saysHelp', () => {
  const said = (...args) => {
    let text = '';
    const asked = saysHelp(args, 'usage', { write: (part) => (text += part) });
    return { asked, text };
  };
  it('prints the text when it is asked for', () => {
    expect(said('--project=12', '--help')).toEqual({ asked: true, text: 'usage\n' });
    expect(said('-h')).toEqual({ asked: true, text: 'usage\n' });
  });
  it('leaves alone what goes on to another program', () => {
    expect(said('--', '--help')).toEqual({ asked: false, text: '' });
    expect(said('panel', '--helper')).toEqual({ asked: false, text: '' });
    expect(said()).toEqual({ asked: false, text: '' });
  });
});

const SCRIPTS = ['grafana:build', 'grafana:test', 'grafana:e2e', 'grafana:package', 'grafana:host', 'conformance'];

it.each(SCRIPTS)('%s says what it does without building', async (name) => {
  const { stdout, stderr } = await promisify(execFile)(NODE, [`scripts/${name.replace(':', '-')}.mjs`, '--help'], {
    cwd: ROOT,
    timeout: 30_000,
  });
  expect(`${stdout}${stderr}`).toContain(`npm run ${name}`);
  expect(`${stdout}${stderr}`).not.toMatch(/building|built/);
});
