import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';

/**
 * @typedef {object} LoadedPlugin A plugin of the built folder, with its plugin.json as Grafana would hand it to the browser.
 * @property {any} json plugin.json.
 * @property {string} path Folder below dist, with slashes; empty for the app.
 * @property {string} module Path of module.js below Grafana's root.
 * @property {string} baseUrl
 */

/**
 * Reads the app and the plugins nested in it, as Grafana finds them: every plugin.json below the folder.
 *
 * @param {string} dist
 * @returns {{ app: LoadedPlugin, nested: LoadedPlugin[] }}
 * @throws {Error} When there is no built app.
 */
export function readPlugins(dist) {
  if (!existsSync(join(dist, 'plugin.json')))
    throw new Error(`${dist} holds no built plugin; run npm run grafana:build`);
  const appId = readJson(join(dist, 'plugin.json')).id;
  const load = (path) => {
    const baseUrl = posix.join('public/plugins', appId, path);
    return { json: readJson(join(dist, path, 'plugin.json')), path, module: `${baseUrl}/module.js`, baseUrl };
  };
  const nested = readdirSync(dist, { recursive: true })
    .map((file) => String(file).split(sep).join('/'))
    .filter((file) => file.endsWith('/plugin.json'))
    .map((file) => load(dirname(file)))
    // A folder of recorded answers and the like may hold a file of this name; a plugin has a module.
    .filter(({ path }) => existsSync(join(dist, path, 'module.js')));
  return { app: load(''), nested };
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
