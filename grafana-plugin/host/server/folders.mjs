import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the host. */
export const HOST = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** The built app, unmodified. */
export const DIST = join(HOST, '..', 'dist');

/** Dashboards of this repository. */
export const DASHBOARDS = join(HOST, '..', '..', 'dashboards', 'json');

/**
 * Folder of one set of Grafana's packages.
 *
 * @param {string} grafana
 */
export function setFolder(grafana) {
  return join(HOST, `grafana-${grafana}`);
}

/**
 * The host's own script, built on one set of packages.
 *
 * @param {string} grafana
 */
export function buildFolder(grafana) {
  return join(HOST, 'build', `grafana-${grafana}`);
}
