import { readFileSync } from 'node:fs';
import { readSecrets } from '../alert/webhook/sign-webhook.js';
import { EVENT_TYPES } from '../http/deps.js';
import { ConfigError } from './config-error.js';
import type { EvaluatorConfig } from './reference.js';

/** A label name as Prometheus knows it. */
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Where each Alertmanager takes alerts. @throws ConfigError for what is no http(s) address */
export function alertmanagerUrls({ alertmanagers }: Pick<EvaluatorConfig, 'alertmanagers'>): string[] {
  return partsOf(alertmanagers).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || hasCredentials(url) || url.search !== '')
      throw new ConfigError(
        `alertmanagers: "${text.replace(/\/\/[^@/]*@/, '//')}" is no address of an Alertmanager`,
        'write base URLs such as http://alertmanager:9093; names and passwords have settings of their own',
      );
    return `${url.href.replace(/\/+$/, '')}/api/v2/alerts`;
  });
}

/** External labels by name. @throws ConfigError for what is no list of `name=value` */
export function externalLabels({ alertLabels }: Pick<EvaluatorConfig, 'alertLabels'>): { [name: string]: string } {
  const labels: { [name: string]: string } = {};
  for (const text of partsOf(alertLabels)) {
    const at = text.indexOf('=');
    const name = text.slice(0, at).trim();
    if (at < 1 || !LABEL.test(name))
      throw new ConfigError(`alertLabels: "${text}" is no name=value`, 'for example cluster=eu-1,team=ml');
    labels[name] = text.slice(at + 1).trim();
  }
  return labels;
}

/** Receivers of webhooks. @throws ConfigError for what is no http(s) address */
export function webhookUrls({ webhooks }: Pick<EvaluatorConfig, 'webhooks'>): string[] {
  return partsOf(webhooks).map((text) => {
    if (!URL.canParse(text) || !/^https?:\/\//.test(text))
      throw new ConfigError('webhooks: one of them is no http(s) address', 'begin each with https://');
    const url = new URL(text);
    // Addresses are shown with the messages that wait.
    if (hasCredentials(url))
      throw new ConfigError(
        'webhooks: one of them holds a name or a password',
        'leave it out: a receiver knows messages by their signature',
      );
    return url.href;
  });
}

/** Types of events that webhooks tell of. @throws ConfigError for one that does not exist */
export function webhookEvents({ webhookEvents: list }: Pick<EvaluatorConfig, 'webhookEvents'>): string[] {
  return partsOf(list).map((type) => {
    if (!(EVENT_TYPES as readonly string[]).includes(type))
      throw new ConfigError(`webhookEvents: there is no event "${type}"`, `known: ${EVENT_TYPES.join(', ')}`);
    return type;
  });
}

function validateWebhooks(config: EvaluatorConfig): void {
  webhookEvents(config);
  if (webhookUrls(config).length === 0) return;
  if (config.webhookSecretFile === '')
    throw new ConfigError(
      'webhookSecretFile: webhooks are always signed, and there is no secret',
      'write one with: echo "whsec_$(head -c 32 /dev/urandom | base64)" > webhook-secret',
    );
  try {
    readSecrets(readFileSync(config.webhookSecretFile, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      `webhookSecretFile: ${(error as Error).message}`,
      'give a readable file with one secret in each line',
    );
  }
}

/** Checks what settings of alerts say together. @throws ConfigError */
export function validateAlertSettings(config: EvaluatorConfig): void {
  const secure = alertmanagerUrls(config).every((url) => url.startsWith('https:'));
  externalLabels(config);
  validateWebhooks(config);
  const { alertmanagerCertFile: cert, alertmanagerKeyFile: key, alertmanagerTokenFile: token } = config;
  if ((cert === '') !== (key === ''))
    throw new ConfigError('alertmanagerCertFile, alertmanagerKeyFile: one without the other', 'give both, or neither');
  if ((config.alertmanagerUser === '') !== (config.alertmanagerPasswordFile === ''))
    throw new ConfigError(
      'alertmanagerUser, alertmanagerPasswordFile: one without the other',
      'give both, or a token file instead',
    );
  if (token !== '' && config.alertmanagerUser !== '')
    throw new ConfigError('alertmanagerTokenFile: beside alertmanagerUser', 'keep one way to authenticate');
  if (!secure && (cert !== '' || config.alertmanagerCaFile !== ''))
    throw new ConfigError('alertmanagers: certificates are given, but not every address is https', 'use https://');
  if (config.alertResend < 1 || config.alertResend > 300)
    throw new ConfigError('alertResend: not between 1s and 5m', 'the default is 30s');
  for (const name of ['publicUrl', 'docsUrl', 'grafanaUrl', 'traceUrl'] as const) checkLink(name, config[name]);
  if (config.traceUrl !== '' && !config.traceUrl.includes('{trace}'))
    throw new ConfigError('traceUrl: there is no {trace} in it', 'put {trace} where the id of a trace belongs');
}

/** A link stands in alerts as it is written. */
function checkLink(name: string, text: string): void {
  if (text === '') return;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:\/\//.test(text))
    throw new ConfigError(`${name}: "${text}" is no http(s) address`, 'begin it with https://');
  if (hasCredentials(url))
    throw new ConfigError(`${name}: the address holds a name or a password`, 'leave it out: alerts show the address');
  // The address of the evaluator stands in the command of a kill switch.
  if (/\s/.test(text) || (name === 'publicUrl' && /["'`\\$;&<>|()]/.test(text)))
    throw new ConfigError(
      `${name}: the address holds a space, a quote or a sign of the shell`,
      'write it percent-encoded: alerts hold it as it is written',
    );
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

function partsOf(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
