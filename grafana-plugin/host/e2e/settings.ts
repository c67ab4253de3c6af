import { readFileSync } from 'node:fs';

/** What specs know of the Grafana, or of the stand-in, that they drive. */
export interface Target {
  name: string;
  /** With a sub-path, without a slash at the end. */
  url: string;
  /** Before the evaluator, misbehaves on demand; undefined where there is none, and then faults are not tested. */
  front: string | undefined;
  /** Whether it is the stand-in. */
  standIn: boolean;
  /** A Prometheus that scrapes the evaluator, which dashboards ask; undefined where there is none. */
  prometheus?: string | undefined;
  /** An Alertmanager whose alerts link here; undefined where there is none. */
  alertmanager?: string | undefined;
}

export type Login = 'admin' | 'admin2' | 'editor' | 'viewer' | 'outsider';

/** Where the specs run: a real Grafana by GUARDSPAN_E2E_URL (and GUARDSPAN_E2E_FRONT), else the hosts that the runner started. */
export function targets(): readonly Target[] {
  const { GUARDSPAN_E2E_URL: url, GUARDSPAN_E2E_FRONT: front, GUARDSPAN_E2E_FILE: file } = process.env;
  if (url !== undefined) return [{ name: 'grafana', url: url.replace(/\/$/, ''), front, standIn: false }];
  if (file === undefined)
    throw new Error('Run npm run grafana:e2e, or set GUARDSPAN_E2E_URL to the address of a Grafana.');
  const { hosts, prometheus } = JSON.parse(readFileSync(file, 'utf8')) as {
    hosts: Array<Omit<Target, 'standIn'>>;
    prometheus?: string;
  };
  return hosts.map((host) => ({ ...host, standIn: true, prometheus }));
}

/** The token that the app is configured with; specs that configure another put it back. */
export function appToken(): string {
  const { GUARDSPAN_E2E_TOKEN: token, GUARDSPAN_E2E_FILE: file } = process.env;
  if (token !== undefined) return token;
  return (JSON.parse(readFileSync(file ?? '', 'utf8')) as { token: string }).token;
}

/** Basic authentication of a user; GUARDSPAN_E2E_PASSWORDS (JSON by login) where it is not the login, as in the stand-in. */
export function authorization(login: Login): string {
  const passwords = JSON.parse(process.env.GUARDSPAN_E2E_PASSWORDS ?? '{}') as { [login: string]: string };
  return `Basic ${Buffer.from(`${login}:${passwords[login] ?? login}`).toString('base64')}`;
}
