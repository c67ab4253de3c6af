import { describe, expect, it } from 'vitest';
import type { GuardConfig } from '../../src/config/resolve-config.js';
import { resolveConfig } from '../../src/config/resolve-config.js';
import { isOn, lateOptions, settingProblems } from '../../src/config/setting-problems.js';

const found = (code: object, env: NodeJS.ProcessEnv = {}): [string, string][] =>
  settingProblems(code as GuardConfig, env).map(({ code, setting }) => [code, setting]);
const messages = (code: object, env: NodeJS.ProcessEnv = {}): string[] =>
  settingProblems(code as GuardConfig, env).map(({ message }) => message);
const INVALID = 'GUARDSPAN_SETTING_INVALID';
const UNKNOWN = 'GUARDSPAN_SETTING_UNKNOWN';

describe('settings that are wrong', () => {
  it('are none where everything is as it should be', () => {
    const env = {
      GUARDSPAN_ENDPOINT: 'https://evaluator:7420',
      GUARDSPAN_OTLP_ENDPOINT: 'http://[::1]:4318',
      GUARDSPAN_CHANNEL: 'pull',
      GUARDSPAN_ALLOW_ACTIONS: 'deny, redact,',
      GUARDSPAN_MAX_HELD: '1024',
      GUARDSPAN_DISABLED: 'False',
      GUARDSPAN_START_SDK: 'TRUE',
      GUARDSPAN_REGO: 'residency=/etc/residency.tar.gz',
    };
    expect(found({}, env)).toEqual([]);
    expect(found({}, Object.fromEntries(Object.keys(env).map((name) => [name, ''])))).toEqual([]);
    expect(found({ endpoint: 'http://here', channel: 'auto', allow: [], maxHeld: 1, enabled: false })).toEqual([]);
  });

  it('are named where they were set, code before the environment', () => {
    for (const [option, variable, value] of [
      ['endpoint', 'GUARDSPAN_ENDPOINT', 'evaluator:7420'],
      ['otlpEndpoint', 'GUARDSPAN_OTLP_ENDPOINT', 'grpc://collector'],
      ['channel', 'GUARDSPAN_CHANNEL', 'websockets'],
      ['allow', 'GUARDSPAN_ALLOW_ACTIONS', 'denyy'],
      ['maxHeld', 'GUARDSPAN_MAX_HELD', '8k'],
    ] as const) {
      expect(found({}, { [variable]: value })).toEqual([[INVALID, variable]]);
      const code = option === 'allow' ? [value] : value;
      expect(found({ [option]: code }, { [variable]: 'http://fine' })).toEqual([[INVALID, option]]);
    }
    expect(found({}, { GUARDSPAN_REGO: 'a=b, broken,=c' })).toEqual(Array(2).fill([INVALID, 'GUARDSPAN_REGO']));
    expect(found({ rego: {} }, { GUARDSPAN_REGO: 'broken' })).toEqual([]);
  });

  it('say what holds and what may be written', () => {
    expect(messages({}, { GUARDSPAN_CHANNEL: 'nope' })).toEqual([
      'GUARDSPAN_CHANNEL is "nope"; it may be "auto", "websocket", "pull". "auto" is used.',
    ]);
    expect(messages({}, { GUARDSPAN_DISABLED: 'yes' })).toEqual([
      'GUARDSPAN_DISABLED is "yes", which counts as false; "true" or "1" switches it on, "false" off.',
    ]);
    expect(messages({ maxHeld: {} })[0]).toContain('a value of type object');
  });

  it('repeat neither passwords nor long values', () => {
    const [message] = messages({}, { GUARDSPAN_ENDPOINT: 'ftp://user:secret@evaluator' });
    expect(message).toContain('"ftp://evaluator"');
    expect(message).not.toContain('secret');
    expect(messages({}, { GUARDSPAN_CHANNEL: 'x'.repeat(10_000) })[0]!.length).toBeLessThan(300);
  });

  it('are options that do not exist, and variables that are nearly ours', () => {
    expect(messages({ endPiont: 'http://here' })).toEqual([
      'endPiont is no setting and does nothing. Did you mean endpoint?',
    ]);
    expect(messages({ colour: 'red' })).toEqual([
      'colour is no setting and does nothing. docs/agent.md lists what there is.',
    ]);
    expect(messages({}, { GUARDSPAN_ENDPIONT: 'http://here' })).toEqual([
      'GUARDSPAN_ENDPIONT is no setting and does nothing. Did you mean GUARDSPAN_ENDPOINT?',
    ]);
    // The application's own, and those of other programs of ours.
    expect(found({}, { GUARDSPAN_COLOUR_OF_THE_SHOP: 'red', GUARDSPAN_TOKEN: 't', ENDPIONT: 'x' })).toEqual([]);
    expect(found({}, { GUARDSPAN_DISABLE: 'true' })).toEqual([[UNKNOWN, 'GUARDSPAN_DISABLE']]);
  });

  it('leave a default in their place', () => {
    const random = (): string => 'random-id';
    const env = { GUARDSPAN_ENDPOINT: 'evaluator:7420', GUARDSPAN_CHANNEL: 'nope', GUARDSPAN_MAX_HELD: '-1' };
    const config = resolveConfig({}, env, random);
    expect(config).toMatchObject({ endpoint: '', channel: 'auto', maxHeld: 8192 });
    // What is sent to a Collector does not need an evaluator that can be reached.
    expect(config.otlpEndpoint).toBe('http://127.0.0.1:4318');
    expect(config.problems.map(({ setting }) => setting)).toEqual(Object.keys(env));
  });

  it('come too late for a guard that runs already', () => {
    const inForce = { endpoint: 'http://here', service: 'shop', channel: 'auto' };
    expect(lateOptions({ endpoint: 'http://here', service: 'shop', targets: [] }, inForce)).toEqual([]);
    const late = lateOptions({ endpoint: 'http://there', channel: 'pull' }, inForce);
    expect(late.map(({ code, setting }) => [code, setting])).toEqual([
      ['GUARDSPAN_SETTING_LATE', 'endpoint'],
      ['GUARDSPAN_SETTING_LATE', 'channel'],
    ]);
  });

  it('switch on by `true` in any case and by 1 only', () => {
    expect(['true', 'TRUE', 'True', '1'].map(isOn)).toEqual([true, true, true, true]);
    expect([undefined, '', 'yes', 'on', '0', 'false'].map(isOn)).toEqual(Array(6).fill(false));
  });
});
