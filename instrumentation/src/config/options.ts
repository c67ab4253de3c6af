import { ENV } from '@guardspan/policy/runtime';

/** Ways to the evaluator. `auto`: a websocket, and pull while the network lets none through. */
export const CHANNELS = ['auto', 'websocket', 'pull'] as const;

/** One option of the agent: how code and environment name it, and what holds when neither says anything. */
export interface OptionReference {
  /** Key of the object that `startGuard()` takes; empty when there is only the variable. */
  option: string;
  /** Environment variable; empty when there is only the code option. */
  env: string;
  default: string;
  meaning: string;
}

/** Every option of the agent. `docs/agent.md` prints this table, and a test holds the two together. */
export const OPTIONS: readonly OptionReference[] = [
  {
    option: 'service',
    env: 'OTEL_SERVICE_NAME',
    default: '`service.name` of `OTEL_RESOURCE_ATTRIBUTES`, else `unknown_service:node`',
    meaning: 'Service of this process, as guard-rails match it.',
  },
  {
    option: 'environment',
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    default: '`deployment.environment.name` (or `deployment.environment`) of the variable, else empty',
    meaning: 'Environment of this process.',
  },
  {
    option: 'instance',
    env: ENV.INSTANCE,
    default: '`service.instance.id` of `OTEL_RESOURCE_ATTRIBUTES`, else random',
    meaning: 'Name of this process in the fleet view; stable over restarts when you set it.',
  },
  {
    option: 'endpoint',
    env: ENV.ENDPOINT,
    default: 'none: no evaluator, last-known-good guard-rails only',
    meaning: 'Evaluator, for example `http://127.0.0.1:7420`.',
  },
  {
    option: 'channel',
    env: ENV.CHANNEL,
    default: '`auto`',
    meaning:
      '`websocket`; `pull` (plain HTTP, each second) for functions that freeze; `auto`: a websocket, and pull while the network lets none through.',
  },
  {
    option: 'token',
    env: ENV.AGENT_TOKEN,
    default: 'none',
    meaning: 'Bearer token for the evaluator and the feed.',
  },
  {
    option: 'tokenFile',
    env: ENV.AGENT_TOKEN_FILE,
    default: 'none',
    meaning: 'File with the token, read anew at each connection, so that a token can be rotated.',
  },
  {
    option: 'otlpEndpoint',
    env: ENV.OTLP_ENDPOINT,
    default: 'with an evaluator `OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://127.0.0.1:4318`; without one, no feed',
    meaning: 'Where the guard feed goes: your Collector, or the evaluator itself.',
  },
  {
    option: 'modelHosts',
    env: ENV.MODEL_HOSTS,
    default: 'the public hosts of the known providers',
    meaning:
      'More hosts (comma-separated, `*.` for sub-domains) to which a request counts as a model call; those of code and of the variable add up.',
  },
  {
    option: 'httpModels',
    env: ENV.HTTP_MODELS,
    default: 'none',
    meaning:
      'Servers of models that are asked without a client, by address with `*` (docs/instrumentation.md): `[{url, name, version, kind}]`; the variable has addresses, separated by commas.',
  },
  {
    option: 'allow',
    env: ENV.ALLOW_ACTIONS,
    default: 'all actions',
    meaning: 'Actions that the evaluator may order here, comma-separated; anything else is refused and reported.',
  },
  {
    option: 'targets',
    env: '',
    default: 'none',
    meaning: 'Reroute and fallback targets that guard-rails may name.',
  },
  {
    option: 'detectors',
    env: '',
    default: 'none',
    meaning: 'Detectors outside of the guard (services, models) that guard-rails may name with a `deadline`.',
  },
  {
    option: 'rewriters',
    env: '',
    default: 'none',
    meaning: 'Rewriters of texts that guard-rails may name (`rewrite: {by}`).',
  },
  {
    option: 'rego',
    env: ENV.REGO,
    default: 'none',
    meaning:
      'Rego engines that guard-rails may name: `{name: {bundle, budget}}` or `{name: {url, token}}`; the variable is `name=path or URL`, separated by commas (docs/rego.md).',
  },
  {
    option: 'capture',
    env: ENV.CAPTURE,
    default: 'what loaded guard-rails name',
    meaning: 'Features and outputs on spans: `all`, `none` or names, comma-separated.',
  },
  {
    option: 'maxHeld',
    env: ENV.MAX_HELD,
    default: '`8192`',
    meaning:
      'Characters of a streamed answer that may wait for the end of a possible finding; more is a failure (`saturated`), and `onError` of the guard-rail decides.',
  },
  {
    option: 'snapshotDir',
    env: ENV.SNAPSHOT_DIR,
    default: '`<tmp>/guardspan-<uid>/`, below it a folder for each service and environment',
    meaning: 'Directory (0700) of the last-known-good guard-rails; `off` keeps nothing.',
  },
  {
    option: 'killFile',
    env: ENV.KILL_FILE,
    default: 'none',
    meaning: 'While this file exists, nothing is enforced here (looked at four times a second).',
  },
  {
    option: 'disabled',
    env: ENV.DISABLED,
    default: '`false`',
    meaning: 'With `true` (or `1`) no guard-rail is evaluated; calls count as unguarded with the reason `disabled`.',
  },
  {
    option: '',
    env: ENV.START_SDK,
    default: '`false`',
    meaning: 'With `true` the preload starts a `NodeSDK` at once and not at the first model call.',
  },
];
