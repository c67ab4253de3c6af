import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuardspanError } from '@guardspan/policy';
import { afterAll, describe, expect, it } from 'vitest';
import { alertmanagerUrls, externalLabels } from '../../src/config/alert-settings.js';
import { ConfigError } from '../../src/config/config-error.js';
import type { ConfigSources } from '../../src/config/load-config.js';
import { loadConfig, splitAddress } from '../../src/config/load-config.js';
import { printConfigReference } from '../../src/config/print-reference.js';
import type { Setting } from '../../src/config/reference.js';
import { environmentOf, flagOf, SETTINGS } from '../../src/config/reference.js';

const folder = mkdtempSync(join(tmpdir(), 'guardspan-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** A configuration that stands: what is asked for, for a trial on loopback. */
function load(sources: ConfigSources = {}) {
  return loadConfig({ ...sources, flags: { singleUser: 'true', ...sources.flags } });
}

function refusal(sources: ConfigSources): ConfigError {
  try {
    loadConfig(sources);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toBeInstanceOf(GuardspanError);
    expect((error as ConfigError).code).toBe('GUARDSPAN_CONFIG');
    expect((error as ConfigError).hint).not.toBe('');
    return error as ConfigError;
  }
  throw new Error('was accepted');
}

const trial = { singleUser: 'true' };
/** A value that the type cannot be read from. */
const WRONG: Record<Setting['type'], string> = {
  duration: '5',
  boolean: 'yes',
  integer: '1.5',
  number: 'many',
  enum: 'neither',
  string: '',
};

describe('precedence', () => {
  it('is flags, then environment, then file, then default', () => {
    const env = { GUARDSPAN_LEASE: '40s', GUARDSPAN_HEARTBEAT: '4s' };
    const path = file('lease: 30s\nheartbeat: 3s\nmaxSeries: 33\n');
    const config = load({ flags: { lease: '50s' }, env, file: path });
    expect([config.lease, config.heartbeat, config.maxSeries, config.maxConnections]).toEqual([50, 4, 33, 3000]);
    expect(load({ env, file: path }).lease).toBe(40);
    expect(load({ file: path }).lease).toBe(30);
    expect(load().lease).toBe(60);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(load({ env: { GUARDSPAN_LEASE: '' } }).lease).toBe(60);
  });

  it('reads durations to seconds, sizes to numbers, switches to booleans', () => {
    const config = load({ flags: { commitInterval: '100ms', maxBody: '1024', approvals: 'false' } });
    expect(config).toMatchObject({
      commitInterval: 0.1,
      maxBody: 1024,
      approvals: false,
      auditRetention: 184 * 86_400,
      auditMaxRecords: 0,
      legalHold: false,
    });
  });

  it('takes a boolean flag without a value and a boolean of YAML', () => {
    expect(loadConfig({ flags: { singleUser: true } }).singleUser).toBe(true);
    expect(loadConfig({ file: file('singleUser: true\n') }).singleUser).toBe(true);
  });

  it('starts no gRPC port when told `off`', () => {
    expect(load({ flags: { grpcListen: 'off' } }).grpcListen).toBe('');
  });

  it('takes an empty file for no settings', () => {
    expect(load({ file: file('') })).toEqual(load());
  });
});

describe('a value that cannot be read', () => {
  const typed = (SETTINGS as readonly Setting[]).filter(({ type }) => type !== 'string');

  it.each(typed.map(({ key, type }) => [key, type] as const))(
    '%s: the refusal names flag, variable or file',
    (key, type) => {
      const wrong = WRONG[type];
      expect(refusal({ flags: { ...trial, [key]: wrong } }).message).toContain(`${flagOf(key)}: `);
      const rest = key === 'singleUser' ? {} : trial;
      expect(refusal({ flags: rest, env: { [environmentOf(key)]: wrong } }).message).toContain(
        `${environmentOf(key)}: `,
      );
      const path = file(`${key}: '${wrong}'\n`);
      expect(refusal({ flags: rest, file: path }).message).toContain(`${path}: ${key}: `);
    },
  );

  it('lists what an enum may be', () => {
    expect(refusal({ flags: { ...trial, store: 'postgres' } }).message).toBe(
      '--store: "postgres" is none of sqlite, memory',
    );
  });
});

describe('a file', () => {
  it('with an unknown key is refused, and the key named', () => {
    const path = file('leese: 30s\n');
    expect(refusal({ flags: trial, file: path }).message).toBe(`${path}: there is no setting "leese"`);
  });

  it('that is missing, no YAML, or no map is refused, and its path named', () => {
    const absent = join(folder, 'absent.yaml');
    expect(refusal({ flags: trial, file: absent }).message).toContain(absent);
    for (const text of ['a: [', '- a\n- b\n', 'just words\n']) {
      const path = file(text);
      expect(refusal({ flags: trial, file: path }).message).toContain(path);
    }
  });
});

describe('settings of alerts', () => {
  it('give addresses of the API of each Alertmanager, and external labels by name', () => {
    expect(alertmanagerUrls(load({ flags: { alertmanagers: 'http://a:9093/, https://b/am' } }))).toEqual([
      'http://a:9093/api/v2/alerts',
      'https://b/am/api/v2/alerts',
    ]);
    expect(externalLabels(load({ flags: { alertLabels: 'cluster=eu-1, team = a=b' } }))).toEqual({
      cluster: 'eu-1',
      team: 'a=b',
    });
  });

  it.each([
    [{ alertmanagers: 'alertmanager:9093' }, /^alertmanagers: "alertmanager:9093" is no address/],
    [{ alertmanagers: 'http://me:secret@a' }, /^alertmanagers: "http:\/\/a" is no address/],
    [{ alertmanagers: 'http://:secret@a' }, /^alertmanagers: "http:\/\/a" is no address/],
    [{ webhooks: 'https://me:secret@a' }, /^webhooks: one of them holds a name or a password$/],
    [{ webhooks: 'file:///etc/passwd' }, /^webhooks: one of them is no http/],
    [{ grafanaUrl: 'https://me:secret@a' }, /^grafanaUrl: the address holds a name or a password$/],
    [{ docsUrl: 'https://a/b c' }, /^docsUrl: the address holds a space/],
    [{ publicUrl: "https://a/';id" }, /^publicUrl: the address holds a space, a quote or a sign of the shell$/],
    [{ publicUrl: 'https://a/$(id)' }, /^publicUrl: the address holds/],
    [{ alertLabels: 'cluster' }, /^alertLabels: "cluster" is no name=value/],
    [{ alertLabels: 'a.b=c' }, /^alertLabels: /],
    [{ alertmanagerCertFile: 'c.pem' }, /^alertmanagerCertFile, alertmanagerKeyFile: /],
    [{ alertmanagerUser: 'me' }, /^alertmanagerUser, alertmanagerPasswordFile: /],
    [
      { alertmanagerUser: 'me', alertmanagerPasswordFile: 'p', alertmanagerTokenFile: 't' },
      /^alertmanagerTokenFile: beside alertmanagerUser/,
    ],
    [{ alertmanagers: 'http://a', alertmanagerCaFile: 'ca.pem' }, /not every address is https/],
    [{ webhooks: 'receiver.internal' }, /^webhooks: one of them is no http/],
    [{ webhooks: 'https://a' }, /^webhookSecretFile: webhooks are always signed/],
    [{ webhooks: 'https://a', webhookSecretFile: '/nowhere' }, /^webhookSecretFile: ENOENT/],
    [{ webhookEvents: 'alert,nothing' }, /^webhookEvents: there is no event "nothing"/],
    [{ alertResend: '10m' }, /^alertResend: /],
    [{ publicUrl: 'evaluator.internal' }, /^publicUrl: /],
    [{ traceUrl: 'https://tempo' }, /^traceUrl: there is no \{trace\}/],
  ])('%o is refused', (flags, message) => {
    expect(refusal({ flags: { ...trial, ...flags } }).message).toMatch(message);
  });
});

describe('what must not be combined', () => {
  it.each(['0.0.0.0:7420', '192.0.2.1:7420', '[::]:7420', 'evaluator.example:7420', '127.evil.example:7420'])(
    'singleUser is refused on %s',
    (listen) => {
      expect(refusal({ flags: { ...trial, listen } }).message).toMatch(/^singleUser: /);
    },
  );

  it.each(['127.0.0.1:0', '127.0.0.53:7420', 'localhost:7420', '[::1]:7420'])(
    'singleUser may listen on %s',
    (listen) => {
      expect(load({ flags: { listen } }).listen).toBe(listen);
    },
  );

  it('singleUser is refused when only gRPC is reachable from outside', () => {
    expect(refusal({ flags: { ...trial, grpcListen: '0.0.0.0:7421' } }).message).toMatch(/^singleUser: /);
  });

  it('an evaluator without tokens and without singleUser is refused', () => {
    expect(refusal({}).message).toMatch(/^tokensFile: /);
    expect(loadConfig({ flags: { tokensFile: 'tokens.yaml', listen: '0.0.0.0:7420' } }).singleUser).toBe(false);
  });

  it.each([
    ['lease', '500ms'],
    ['lease', '6m'],
    ['heartbeat', '500ms'],
    ['commitInterval', '0s'],
    ['commitInterval', '11s'],
    ['listen', '127.0.0.1'],
    ['listen', '127.0.0.1:'],
    ['listen', ':7420'],
    ['listen', '127.0.0.1:70000'],
    ['grpcListen', 'nowhere'],
  ])('%s %s is out of range', (key, value) => {
    expect(refusal({ flags: { ...trial, [key]: value } }).message).toMatch(new RegExp(`^${key}: `));
  });
});

describe('splitAddress', () => {
  it('takes the brackets off an IPv6 address', () => {
    expect(splitAddress('[::1]:7420', 'listen')).toEqual({ host: '::1', port: 7420 });
  });
});

describe('table of settings', () => {
  it('has each key once, and a default that can be read', () => {
    expect(new Set(SETTINGS.map(({ key }) => key)).size).toBe(SETTINGS.length);
    expect(Object.keys(load()).sort()).toEqual(SETTINGS.map(({ key }) => key).sort());
  });

  it('names flags and variables after the key', () => {
    expect(flagOf('grpcListen')).toBe('--grpc-listen');
    expect(environmentOf('grpcListen')).toBe('GUARDSPAN_GRPC_LISTEN');
  });

  it('is the table of docs/configuration.md', () => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const block = /<!-- generated: begin -->\n\n([\s\S]*)\n\n<!-- generated: end -->/.exec(page)?.[1];
    expect(block).toBe(printConfigReference());
  });
});
