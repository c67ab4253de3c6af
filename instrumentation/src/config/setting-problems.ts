import { ACTION_TYPES, ENV, nearestName } from '@guardspan/policy/runtime';
import { CHANNELS, OPTIONS } from './options.js';
import type { GuardConfig } from './resolve-config.js';

/** Something about a setting that nobody can have meant. */
export interface SettingProblem {
  code:
    | 'GUARDSPAN_SETTING_INVALID'
    | 'GUARDSPAN_SETTING_UNKNOWN'
    | 'GUARDSPAN_SETTING_LATE'
    | 'GUARDSPAN_NOT_STARTED'
    | 'GUARDSPAN_AGENT_REFUSED';
  /** The environment variable, or the option of code. */
  setting: string;
  /** What is wrong, what holds instead, and how to mend it. Holds no token. */
  message: string;
}

const PREFIX = 'GUARDSPAN_';
/** Longest part of a value that a message repeats. */
const MAX_SHOWN = 80;
/** Known to the options of code and to no variable. */
const ONLY_CODE = ['enabled'];
const OFF = ['', 'false', '0'];

/** True for `true` in any case, as OpenTelemetry reads variables that are true or false, and for `1`. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true';
}

/** A value as a message may repeat it: short, and without the name and password of an address. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : `a value of type ${typeof value}`;
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(short.replace(/\/\/[^/]*@/, '//'));
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const isAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);

/** A value of code before that of the environment, with the name under which it was set; undefined when neither says anything. */
function given(
  code: GuardConfig,
  option: keyof GuardConfig,
  env: NodeJS.ProcessEnv,
  variable: string,
): { setting: string; value: unknown } | undefined {
  if (code[option] !== undefined) return { setting: option, value: code[option] };
  const value = env[variable];
  return value === undefined ? undefined : { setting: variable, value };
}

/** What is wrong with the settings of a process. Pure; never throws. */
export function settingProblems(code: GuardConfig, env: NodeJS.ProcessEnv): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const invalid = (setting: string, message: string): void => {
    problems.push({ code: 'GUARDSPAN_SETTING_INVALID', setting, message: `${setting} ${message}` });
  };
  const address = (option: 'endpoint' | 'otlpEndpoint', variable: string, instead: string): void => {
    const found = given(code, option, env, variable);
    if (found === undefined || found.value === '' || isAddress(found.value)) return;
    invalid(found.setting, `is ${shown(found.value)}, which is no address like "http://127.0.0.1:7420". ${instead}`);
  };
  address('endpoint', ENV.ENDPOINT, 'No evaluator is asked, so guard-rails of the last run decide, if there are any.');
  address('otlpEndpoint', ENV.OTLP_ENDPOINT, 'The guard feed does not arrive.');

  const channel = given(code, 'channel', env, ENV.CHANNEL);
  if (channel !== undefined && channel.value !== '' && !CHANNELS.some((name) => name === channel.value))
    invalid(channel.setting, `is ${shown(channel.value)}; it may be ${listed(CHANNELS)}. "auto" is used.`);

  const allow = given(code, 'allow', env, ENV.ALLOW_ACTIONS);
  const named = Array.isArray(allow?.value) ? allow.value : String(allow?.value ?? '').split(',');
  for (const action of named.map((name) => String(name).trim()))
    if (action !== '' && !ACTION_TYPES.some((type) => type === action))
      invalid(
        allow!.setting,
        `allows ${shown(action)}, which is no action and is left out; actions are ${listed(ACTION_TYPES)}.`,
      );

  const held = given(code, 'maxHeld', env, ENV.MAX_HELD);
  if (held !== undefined && held.value !== '' && !(Number.isInteger(Number(held.value)) && Number(held.value) > 0))
    invalid(
      held.setting,
      `is ${shown(held.value)}; a whole number of characters above 0 is needed. The default is used.`,
    );

  for (const variable of [ENV.DISABLED, ENV.START_SDK]) {
    const value = env[variable];
    if (value !== undefined && !isOn(value) && !OFF.includes(value.toLowerCase()))
      invalid(variable, `is ${shown(value)}, which counts as false; "true" or "1" switches it on, "false" off.`);
  }
  if (code.rego === undefined)
    for (const pair of (env[ENV.REGO] ?? '').split(',').map((text) => text.trim()))
      if (pair !== '' && pair.indexOf('=') <= 0)
        invalid(ENV.REGO, `has ${shown(pair)} in it, which is left out; an engine is "name=path" or "name=URL".`);
  return [...problems, ...unknownOptions(code), ...unknownVariables(env)];
}

function unknown(setting: string, meant: string | undefined): SettingProblem {
  const hint = meant === undefined ? 'docs/agent.md lists what there is.' : `Did you mean ${meant}?`;
  return { code: 'GUARDSPAN_SETTING_UNKNOWN', setting, message: `${setting} is no setting and does nothing. ${hint}` };
}

/** Options of code that do not exist. */
function unknownOptions(code: GuardConfig): SettingProblem[] {
  const known = [...OPTIONS.map(({ option }) => option).filter((option) => option !== ''), ...ONLY_CODE];
  return Object.keys(code)
    .filter((option) => !known.includes(option))
    .map((option) => unknown(option, nearestName(option, known)));
}

/** Variables that are nearly one of ours. Others that begin as ours do may be the application's own. */
function unknownVariables(env: NodeJS.ProcessEnv): SettingProblem[] {
  const all: string[] = Object.values(ENV);
  const ours = OPTIONS.map((option) => option.env.slice(PREFIX.length)).filter((_, index) =>
    OPTIONS[index]!.env.startsWith(PREFIX),
  );
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !all.includes(name))
    .flatMap((name) => {
      const meant = nearestName(name.slice(PREFIX.length), ours);
      return meant === undefined ? [] : unknown(name, PREFIX + meant);
    });
}

/** Options of which a guard that runs already takes nothing, where they say something else than what holds. */
export function lateOptions(code: GuardConfig, inForce: { readonly [option: string]: unknown }): SettingProblem[] {
  const taken = ['targets', 'detectors', 'rewriters', ...ONLY_CODE];
  return Object.entries(code)
    .filter(([option, value]) => !taken.includes(option) && value !== undefined && value !== inForce[option])
    .map(([setting]) => ({
      code: 'GUARDSPAN_SETTING_LATE',
      setting,
      message: `${setting} is given to a guard that runs already and does nothing. Set it where the guard starts: in the environment when it is preloaded.`,
    }));
}
