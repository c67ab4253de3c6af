import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @typedef {object} Dashboards
 * @property {() => { uid: string, title: string, tags: string[] }[]} list
 * @property {(name: string) => string | undefined} find JSON of a dashboard by its uid or the name of its file.
 */

/**
 * Dashboards that the host shows: those that the app brings along (`includes` of plugin.json), and those of a folder. Read when they are asked for.
 *
 * @param {{ dist: string, includes: { type: string, path?: string }[], folder?: string }} options
 * @returns {Dashboards}
 */
export function createDashboards({ dist, includes, folder }) {
  const files = () => [
    ...(folder === undefined || !existsSync(folder)
      ? []
      : readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((name) => join(folder, name))),
    ...includes
      .filter(({ type, path }) => type === 'dashboard' && path !== undefined)
      .map(({ path }) => join(dist, path)),
  ];
  const all = () => {
    const found = new Map();
    for (const file of files()) {
      const text = readFileSync(file, 'utf8');
      const { uid, title, tags = [] } = JSON.parse(text);
      if (!found.has(uid)) found.set(uid, { uid, title, tags, text, name: basename(file, '.json') });
    }
    return [...found.values()];
  };
  return {
    list: () => all().map(({ uid, title, tags }) => ({ uid, title, tags })),
    find: (wanted) => all().find(({ uid, name }) => [uid, name].includes(wanted))?.text,
  };
}
