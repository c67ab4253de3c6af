import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { readYaml } from '@guardspan/policy';
import { validateAlertSettings } from './alert-settings.js';
import { ConfigError } from './config-error.js';
import type { EvaluatorConfig, Setting } from './reference.js';
import { environmentOf, flagOf, readSetting, SETTINGS } from './reference.js';

/** Where settings come from, strongest first: flags, environment, file, default. */
export interface ConfigSources {
  /** Values of flags by key; undefined where a flag was not given. */
  flags?: Readonly<Record<string, string | boolean | undefined>>;
  env?: NodeJS.ProcessEnv;
  /** Path of a YAML file. */
  file?: string;
}

/**
 * Reads the configuration.
 * @throws ConfigError that names the setting and its source
 */
export function loadConfig(sources: ConfigSources): EvaluatorConfig {
  const file = sources.file === undefined ? {} : readFile(sources.file);
  const values: Record<string, string | number | boolean> = {};
  for (const setting of SETTINGS as readonly Setting[]) {
    const [text, source] = textOf(setting, sources, file);
    try {
      values[setting.key] = readSetting(setting, text);
    } catch (error) {
      throw new ConfigError(`${source}: ${(error as Error).message}`, setting.meaning);
    }
  }
  const config = values as unknown as EvaluatorConfig;
  if (config.grpcListen === 'off') config.grpcListen = '';
  validate(config);
  return config;
}

function textOf(
  setting: Setting,
  sources: ConfigSources,
  file: Readonly<Record<string, unknown>>,
): [text: string, source: string] {
  const flag = sources.flags?.[setting.key];
  if (flag !== undefined) return [String(flag), flagOf(setting.key)];
  const variable = environmentOf(setting.key);
  const fromEnvironment = sources.env?.[variable];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return [fromEnvironment, variable];
  if (Object.hasOwn(file, setting.key)) return [String(file[setting.key]), `${sources.file ?? ''}: ${setting.key}`];
  return [setting.default, `default of ${setting.key}`];
}

function readFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const what =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file'
        : `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'for an unknown reason'})`;
    throw new ConfigError(`${path}: ${what}`, 'give a readable YAML file with --config');
  }
  const read = readYaml(text);
  if ('problem' in read) {
    const { line, column, message, hint } = read.problem;
    throw new ConfigError(`${path}:${line}:${column} ${message}`, hint);
  }
  const parsed = read.value;
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw new ConfigError(`${path}: is no map of settings`, 'write `key: value` lines');
  const known = new Set<string>(SETTINGS.map((setting) => setting.key));
  for (const key of Object.keys(parsed)) {
    if (!known.has(key))
      throw new ConfigError(`${path}: there is no setting "${key}"`, 'docs/configuration.md lists them');
  }
  return parsed as Record<string, unknown>;
}

/** Splits `host:port`. @throws ConfigError */
export function splitAddress(address: string, name: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(at + 1));
  if (at < 1 || !Number.isInteger(port) || port < 0 || port > 65_535 || address.endsWith(':')) {
    throw new ConfigError(`${name}: "${address}" is no host:port`, 'for example 127.0.0.1:7420 or [::1]:7420');
  }
  return { host, port };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function validate(config: EvaluatorConfig): void {
  const { host } = splitAddress(config.listen, 'listen');
  const grpcHost = config.grpcListen === '' ? host : splitAddress(config.grpcListen, 'grpcListen').host;
  if (config.singleUser && !(isLoopback(host) && isLoopback(grpcHost))) {
    throw new ConfigError(
      'singleUser: the evaluator would answer strangers without a token',
      'listen on 127.0.0.1, or give tokensFile',
    );
  }
  if (!config.singleUser && config.tokensFile === '') {
    throw new ConfigError(
      'tokensFile: there are no tokens, so nobody could use the evaluator',
      'give --tokens-file FILE, or --single-user for a trial on loopback',
    );
  }
  if (config.lease < 1 || config.lease > 300)
    throw new ConfigError(`lease: ${config.lease} s is not between 1s and 5m`, 'the default is 60s');
  if (config.auditMaxRecords !== 0 && config.auditMaxRecords < 1000)
    throw new ConfigError(
      `auditMaxRecords: ${config.auditMaxRecords} is neither 0 nor at least 1000`,
      '0 keeps every record until its age ends it',
    );
  if (config.heartbeat < 1) throw new ConfigError('heartbeat: shorter than 1s', 'the default is 10s');
  if (config.commitInterval <= 0 || config.commitInterval > 10)
    throw new ConfigError('commitInterval: not between 1ms and 10s', 'the default is 250ms');
  validateAlertSettings(config);
}
