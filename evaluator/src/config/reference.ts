import { parseDuration } from '@guardspan/policy';

/** Types that a setting may have. */
export type SettingType = 'string' | 'integer' | 'number' | 'duration' | 'boolean' | 'enum';

/** One setting: everything that flags, environment, file and documentation say about it. */
export interface Setting {
  /** Key in the file and in the code. */
  key: string;
  type: SettingType;
  /** Allowed values of an `enum`. */
  values?: readonly string[];
  /** As it would be written in the file. */
  default: string;
  meaning: string;
}

/**
 * Every setting of the evaluator. Flag: `--kebab-case`; environment: `GUARDSPAN_UPPER_CASE`; file: the key. docs/configuration.md is printed from
 * this table.
 */
export const SETTINGS = [
  {
    key: 'listen',
    type: 'string',
    default: '127.0.0.1:7420',
    meaning:
      'Address of the one HTTP port: OTLP/HTTP, API, websocket channel, /metrics, /healthz, /readyz. Port 0 takes a free one.',
  },
  { key: 'grpcListen', type: 'string', default: '127.0.0.1:7421', meaning: 'Address of OTLP/gRPC. `off` starts none.' },
  {
    key: 'dataDir',
    type: 'string',
    default: './guardspan-data',
    meaning: 'Directory of the store; made with mode 0700. One process at a time.',
  },
  {
    key: 'store',
    type: 'enum',
    values: ['sqlite', 'memory'],
    default: 'sqlite',
    meaning: '`memory` keeps nothing over a restart; for tests and trials.',
  },
  {
    key: 'guardrails',
    type: 'string',
    default: '',
    meaning:
      'Directory of guard-rail documents (owned by git). Read at start and on SIGHUP, and when a file in it changes.',
  },
  {
    key: 'tokensFile',
    type: 'string',
    default: '',
    meaning:
      'File of bearer tokens; read again when it changes. Without it nobody but loopback clients of `singleUser` gets in.',
  },
  {
    key: 'singleUser',
    type: 'boolean',
    default: 'false',
    meaning: 'No tokens, loopback only, no second person to approve; each such change is recorded so in the audit.',
  },
  {
    key: 'approvals',
    type: 'boolean',
    default: 'true',
    meaning:
      'Raising a mode to enforce, any shutdown and re-enabling after a kill need an approver who is not the author.',
  },
  {
    key: 'ack',
    type: 'enum',
    values: ['commit', 'memory'],
    default: 'commit',
    meaning:
      'When OTLP is answered: after the group commit, or at once (a crash then loses up to one commit interval, which is counted).',
  },
  { key: 'commitInterval', type: 'duration', default: '250ms', meaning: 'Longest time between two group commits.' },
  {
    key: 'lease',
    type: 'duration',
    default: '60s',
    meaning: 'Lease of a directive, at most 5m. Renewed at a third of it.',
  },
  {
    key: 'heartbeat',
    type: 'duration',
    default: '10s',
    meaning: 'Time between pings on the channel; a process that misses three is gone.',
  },
  {
    key: 'maxConnections',
    type: 'integer',
    default: '3000',
    meaning: 'Websocket connections; more are told to try later.',
  },
  {
    key: 'maxBody',
    type: 'integer',
    default: '16777216',
    meaning: 'Bytes of one OTLP request after decompression; larger ones get 413.',
  },
  {
    key: 'maxSeries',
    type: 'integer',
    default: '10000',
    meaning: 'Series of one guard-rail; calls of further ones are counted as dropped.',
  },
  {
    key: 'auditRetention',
    type: 'duration',
    default: '184d',
    meaning: 'How long the audit is kept (six months of the EU AI Act, article 26(6)).',
  },
  {
    key: 'auditMaxRecords',
    type: 'integer',
    default: '0',
    meaning:
      'Records of the audit that are kept, about 2 KB each; beyond, the oldest go before their time, once an hour. 0: no bound but their age.',
  },
  {
    key: 'legalHold',
    type: 'boolean',
    default: 'false',
    meaning: 'Nothing of the audit, the verdicts and the documents is deleted, whatever its age and number.',
  },
  {
    key: 'alertmanagers',
    type: 'string',
    default: '',
    meaning: 'Base URLs of every Alertmanager of a cluster, separated by commas. Empty: only Prometheus rules alert.',
  },
  {
    key: 'alertmanagerUser',
    type: 'string',
    default: '',
    meaning: 'Name for basic authentication at the Alertmanagers; the password is in `alertmanagerPasswordFile`.',
  },
  {
    key: 'alertmanagerPasswordFile',
    type: 'string',
    default: '',
    meaning: 'File with the password of `alertmanagerUser`; read at each request.',
  },
  {
    key: 'alertmanagerTokenFile',
    type: 'string',
    default: '',
    meaning: 'File with a bearer token for the Alertmanagers, instead of a user; read at each request.',
  },
  {
    key: 'alertmanagerCaFile',
    type: 'string',
    default: '',
    meaning: 'PEM file of the authorities that the Alertmanagers are checked against, instead of those of the system.',
  },
  {
    key: 'alertmanagerCertFile',
    type: 'string',
    default: '',
    meaning: 'PEM file of the client certificate that the Alertmanagers are shown; goes with `alertmanagerKeyFile`.',
  },
  {
    key: 'alertmanagerKeyFile',
    type: 'string',
    default: '',
    meaning: 'PEM file of the key of the client certificate.',
  },
  {
    key: 'alertmanagerTenant',
    type: 'string',
    default: '',
    meaning: 'Value of the header `X-Scope-OrgID`, for Mimir and other Alertmanagers with tenants.',
  },
  {
    key: 'alertLabels',
    type: 'string',
    default: '',
    meaning:
      'External labels of every alert, as `name=value,name=value`: exactly the `external_labels` that your Prometheus servers send, without those that they drop (replica).',
  },
  {
    key: 'alertResend',
    type: 'duration',
    default: '30s',
    meaning:
      'An alert that lasts is sent again after this time; without news it ends after four times, two minutes at least.',
  },
  {
    key: 'alertHold',
    type: 'duration',
    default: '2m',
    meaning:
      'How long nothing may violate a guard-rail before its alert ends. What comes back earlier is the same incident.',
  },
  {
    key: 'alertBudget',
    type: 'integer',
    default: '10',
    meaning:
      'Alerts that the guard-rails of one owner and severity may have at a time; further ones are folded into one alert that says how many. 0: no bound.',
  },
  {
    key: 'webhooks',
    type: 'string',
    default: '',
    meaning: 'Addresses that are told of events by signed webhooks, separated by commas; see `webhookEvents`.',
  },
  {
    key: 'webhookSecretFile',
    type: 'string',
    default: '',
    meaning:
      'File with the secrets that webhooks are signed with, one in each line (`whsec_` and base64 of 24 to 64 bytes); read at each message.',
  },
  {
    key: 'webhookEvents',
    type: 'string',
    default: 'alert,kill,override,document',
    meaning: 'Types of events that webhooks tell of, separated by commas: those of `GET /api/v1/events`.',
  },
  {
    key: 'publicUrl',
    type: 'string',
    default: '',
    meaning:
      'Address under which people reach the evaluator, for links and commands in alerts. Empty: that of `listen`.',
  },
  {
    key: 'docsUrl',
    type: 'string',
    default: 'https://docs.example/guardspan',
    meaning: 'Address of this documentation, for links to runbook pages in alerts.',
  },
  {
    key: 'grafanaUrl',
    type: 'string',
    default: '',
    meaning: 'Address of Grafana, for links to its dashboards and the app in alerts.',
  },
  {
    key: 'traceUrl',
    type: 'string',
    default: '',
    meaning: 'Address of a trace in your tracing backend, with `{trace}` in the place of its id, for links in alerts.',
  },
  {
    key: 'logLevel',
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    meaning: 'Level of the log on standard error, JSON lines.',
  },
] as const satisfies readonly Setting[];

/** Name of a setting. */
export type SettingKey = (typeof SETTINGS)[number]['key'];

/** The evaluator's configuration. Durations in seconds. */
export interface EvaluatorConfig {
  listen: string;
  /** Empty when switched off. */
  grpcListen: string;
  dataDir: string;
  store: 'sqlite' | 'memory';
  guardrails: string;
  tokensFile: string;
  singleUser: boolean;
  approvals: boolean;
  ack: 'commit' | 'memory';
  commitInterval: number;
  lease: number;
  heartbeat: number;
  maxConnections: number;
  maxBody: number;
  maxSeries: number;
  auditRetention: number;
  auditMaxRecords: number;
  legalHold: boolean;
  /** Empty when direct alerts are off. */
  alertmanagers: string;
  alertmanagerUser: string;
  alertmanagerPasswordFile: string;
  alertmanagerTokenFile: string;
  alertmanagerCaFile: string;
  alertmanagerCertFile: string;
  alertmanagerKeyFile: string;
  alertmanagerTenant: string;
  alertLabels: string;
  alertResend: number;
  alertHold: number;
  alertBudget: number;
  webhooks: string;
  webhookSecretFile: string;
  webhookEvents: string;
  publicUrl: string;
  docsUrl: string;
  grafanaUrl: string;
  traceUrl: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Flag of a setting, e.g. `--grpc-listen`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Environment variable of a setting, e.g. `GUARDSPAN_GRPC_LISTEN`. */
export function environmentOf(key: string): string {
  return `GUARDSPAN_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Reads one value as the type of its setting. @throws Error with a plain sentence */
export function readSetting(setting: Setting, text: string): string | number | boolean {
  switch (setting.type) {
    case 'duration':
      return parseDuration(text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new Error(`"${text}" is neither true nor false`);
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (
        text.trim() === '' ||
        !Number.isFinite(value) ||
        value < 0 ||
        (setting.type === 'integer' && !Number.isInteger(value))
      ) {
        throw new Error(`"${text}" is no ${setting.type === 'integer' ? 'whole ' : ''}number of 0 or more`);
      }
      return value;
    }
    case 'enum':
      if (setting.values?.includes(text) === true) return text;
      throw new Error(`"${text}" is none of ${setting.values?.join(', ') ?? ''}`);
    default:
      return text;
  }
}
