import { ConfigError } from './config-error.js';
import type { EvaluatorConfig } from './reference.js';

/** A label name as Prometheus knows it. */
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Where each Alertmanager takes alerts. @throws ConfigError for what is no http(s) address */
export function alertmanagerUrls({ alertmanagers }: Pick<EvaluatorConfig, 'alertmanagers'>): string[] {
  return partsOf(alertmanagers).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
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

/** Checks what settings of alerts say together. @throws ConfigError */
export function validateAlertSettings(config: EvaluatorConfig): void {
  const secure = alertmanagerUrls(config).every((url) => url.startsWith('https:'));
  externalLabels(config);
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
  for (const name of ['publicUrl', 'docsUrl', 'grafanaUrl', 'traceUrl'] as const)
    if (config[name] !== '' && !/^https?:\/\//.test(config[name]))
      throw new ConfigError(`${name}: "${config[name]}" is no http(s) address`, 'begin it with https://');
  if (config.traceUrl !== '' && !config.traceUrl.includes('{trace}'))
    throw new ConfigError('traceUrl: there is no {trace} in it', 'put {trace} where the id of a trace belongs');
}

function partsOf(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
