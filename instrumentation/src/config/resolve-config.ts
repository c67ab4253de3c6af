import { createHash } from 'node:crypto';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ACTION_TYPES, ENV, RESOURCE } from '@guardspan/policy/runtime';
import type { ActionType, AgentResource } from '@guardspan/policy/runtime';
import type { ExternalDetector } from '../external/types.js';
import type { Rewriter } from '../rewrite/types.js';
import type { HttpModels } from '../models/http/declared-servers.js';
import type { RegoConfig } from '../rego/types.js';
import type { Capture, TargetDefinition } from '../guard/types.js';
import { CHANNELS } from './options.js';
import { isOn, settingProblems } from './setting-problems.js';
import type { SettingProblem } from './setting-problems.js';

/** How to reach the evaluator. `auto`: a websocket, and pull while the network lets none through. */
export type Channel = (typeof CHANNELS)[number];

/** What an application may say in code; each key wins over its environment variable (docs/agent.md). */
export interface GuardConfig {
  service?: string;
  environment?: string;
  instance?: string;
  endpoint?: string;
  channel?: Channel;
  token?: string;
  tokenFile?: string;
  otlpEndpoint?: string;
  modelHosts?: readonly string[];
  /** Servers of models that are asked with `fetch`. */
  httpModels?: readonly HttpModels[];
  allow?: readonly ActionType[];
  targets?: readonly TargetDefinition[];
  detectors?: readonly ExternalDetector[];
  rewriters?: readonly Rewriter[];
  /** Rego engines, by the names that documents use. */
  rego?: RegoConfig;
  capture?: 'all' | 'none' | readonly string[];
  maxHeld?: number;
  /** A directory, or `off`. */
  snapshotDir?: string;
  killFile?: string;
  disabled?: boolean;
}

/** The configuration with every default filled in. */
export interface ResolvedConfig {
  resource: AgentResource;
  instance: string;
  /** Empty when there is no evaluator. */
  endpoint: string;
  channel: Channel;
  token: string;
  tokenFile: string;
  /** Empty when there is no feed. */
  otlpEndpoint: string;
  modelHosts: readonly string[];
  httpModels: readonly HttpModels[];
  allow: readonly ActionType[];
  targets: readonly TargetDefinition[];
  detectors: readonly ExternalDetector[];
  rewriters: readonly Rewriter[];
  rego: RegoConfig;
  /** Null: what loaded guard-rails name. */
  capture: Capture | null;
  /** UTF-16 code units. */
  maxHeld: number;
  /** Empty when nothing is kept on disk. */
  snapshotDir: string;
  killFile: string;
  disabled: boolean;
  /** Settings that nobody can have meant. */
  problems: readonly SettingProblem[];
}

/** Holds a private key of 4,096 bits in PEM form with room to spare. */
export const DEFAULT_MAX_HELD = 8192;

function positive(value: number | undefined): number | undefined {
  return value !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function resourceAttributes(text: string | undefined): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const pair of list(text)) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const raw = pair.slice(at + 1).trim();
    let value = raw;
    try {
      value = decodeURIComponent(raw);
    } catch {
      // An attribute that is not percent-encoded correctly is taken as it stands, as the OpenTelemetry SDK does.
    }
    attributes.set(pair.slice(0, at).trim(), value);
  }
  return attributes;
}

function captureOf(value: GuardConfig['capture'] | undefined, env: string | undefined): Capture | null {
  const chosen =
    value ?? (env === undefined || env === '' ? undefined : env === 'all' || env === 'none' ? env : list(env));
  return chosen === undefined ? null : { features: chosen, outputs: chosen };
}

/** `name=path or URL`, separated by commas. */
function regoOf(text: string | undefined): RegoConfig {
  const engines: { [name: string]: RegoConfig[string] } = {};
  for (const pair of list(text)) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const where = pair.slice(at + 1).trim();
    engines[pair.slice(0, at).trim()] = /^(https?|unix):/.test(where) ? { url: where } : { bundle: where };
  }
  return engines;
}

function userId(): string {
  try {
    return String(userInfo().uid);
  } catch {
    return 'user';
  }
}

/** Fills in environment variables and defaults. Never throws: what is wrong stands in `problems`, and a default in its place; an unknown action in an allow-list is left out, which only tightens. */
export function resolveConfig(config: GuardConfig, env: NodeJS.ProcessEnv, randomId: () => string): ResolvedConfig {
  const attributes = resourceAttributes(env['OTEL_RESOURCE_ATTRIBUTES']);
  const service =
    config.service || env['OTEL_SERVICE_NAME'] || attributes.get(RESOURCE.SERVICE_NAME) || 'unknown_service:node';
  const environment =
    config.environment ?? attributes.get(RESOURCE.ENVIRONMENT) ?? attributes.get(RESOURCE.ENVIRONMENT_OLD) ?? '';
  const allowText = env[ENV.ALLOW_ACTIONS];
  const allow = config.allow ?? (allowText === undefined ? ACTION_TYPES : list(allowText));
  const directory = config.snapshotDir ?? env[ENV.SNAPSHOT_DIR];
  const endpoint = config.endpoint ?? env[ENV.ENDPOINT] ?? '';
  const collector = endpoint === '' ? '' : env['OTEL_EXPORTER_OTLP_ENDPOINT'] || 'http://127.0.0.1:4318';
  const problems = settingProblems(config, env);
  const unusable = problems.some(({ setting }) => setting === 'endpoint' || setting === ENV.ENDPOINT);
  const folder = createHash('sha256').update(`${service}\0${environment}`).digest('hex').slice(0, 16);
  return {
    resource: {
      service,
      serviceVersion: attributes.get(RESOURCE.SERVICE_VERSION) ?? '',
      environment,
      host: hostname(),
      pid: process.pid,
    },
    instance: config.instance || env[ENV.INSTANCE] || attributes.get(RESOURCE.SERVICE_INSTANCE_ID) || randomId(),
    endpoint: unusable ? '' : endpoint,
    channel: CHANNELS.find((channel) => channel === (config.channel ?? env[ENV.CHANNEL])) ?? 'auto',
    token: config.token ?? env[ENV.AGENT_TOKEN] ?? '',
    tokenFile: config.tokenFile ?? env[ENV.AGENT_TOKEN_FILE] ?? '',
    otlpEndpoint: config.otlpEndpoint || env[ENV.OTLP_ENDPOINT] || collector,
    modelHosts: [...(config.modelHosts ?? []), ...list(env[ENV.MODEL_HOSTS])],
    httpModels: config.httpModels ?? list(env[ENV.HTTP_MODELS]).map((url) => ({ url })),
    allow: ACTION_TYPES.filter((type) => allow.includes(type)),
    targets: config.targets ?? [],
    detectors: config.detectors ?? [],
    rewriters: config.rewriters ?? [],
    rego: config.rego ?? regoOf(env[ENV.REGO]),
    capture: captureOf(config.capture, env[ENV.CAPTURE]),
    maxHeld: positive(config.maxHeld) ?? positive(Number(env[ENV.MAX_HELD])) ?? DEFAULT_MAX_HELD,
    snapshotDir: directory === 'off' ? '' : directory || join(tmpdir(), `guardspan-${userId()}`, folder),
    killFile: config.killFile ?? env[ENV.KILL_FILE] ?? '',
    disabled: config.disabled ?? isOn(env[ENV.DISABLED]),
    problems,
  };
}
