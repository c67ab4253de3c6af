import http from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootPage } from './boot-page.mjs';
import { createDashboards } from './dashboards.mjs';
import { listDataSources } from './data-sources.mjs';
import { DASHBOARDS, DIST, setFolder } from './folders.mjs';
import { readPlugins } from './plugin-files.mjs';
import { proxy } from './plugin-proxy.mjs';
import { askPrometheus } from './prometheus-proxy.mjs';
import { sendPublic } from './public-files.mjs';
import { USERS, USER_COOKIE, hasRole, userOf } from './users.mjs';

const THEMES = ['dark', 'light'];

/**
 * @typedef {object} HostOptions
 * @property {'12' | '13'} grafana Which packages.
 * @property {number} [port] 0 for a free one.
 * @property {string} [subPath] Path below which everything is served, as Grafana's `serve_from_sub_path`; starts with a slash.
 * @property {string} [evaluatorUrl] What the app is configured with from the start, as by provisioning.
 * @property {string} [token]
 * @property {boolean} [buffering] Whether answers are held until they are whole.
 * @property {string} [timezone]
 * @property {string} [dashboards] Folder of dashboard JSON that `/d/<name>` shows beside the dashboards of the app.
 * @property {string} [prometheus] URL of a Prometheus, which is then a data source.
 * @property {string} [scrapeInterval] Of that Prometheus, like `15s`.
 *
 * @typedef {object} Host
 * @property {string} url With the sub-path, without a slash at the end.
 * @property {(on: boolean) => void} setBuffering
 * @property {() => Promise<void>} close
 */

/**
 * Serves the built app on Grafana's packages, with Grafana's own HTTP API as far as the app needs it. Listens on loopback.
 *
 * @param {HostOptions} options
 * @returns {Promise<Host>}
 */
export async function startHost(options) {
  const { grafana, port = 0, subPath = '', evaluatorUrl, token, timezone = 'browser' } = options;
  const { prometheus, scrapeInterval = '15s' } = options;
  const version = readVersion(grafana);
  const plugins = readPlugins(DIST);
  const { app, nested } = plugins;
  const dashboards = createDashboards({
    dist: DIST,
    includes: app.json.includes ?? [],
    folder: options.dashboards ?? DASHBOARDS,
  });
  const settings = {
    enabled: evaluatorUrl !== undefined,
    jsonData: evaluatorUrl === undefined ? {} : { apiUrl: evaluatorUrl },
    secureJsonData: token === undefined ? {} : { apiToken: token },
  };
  const preferences = new Map();
  let buffering = options.buffering ?? false;

  const pluginMeta = ({ json, module, baseUrl }) => ({
    ...json,
    info: { links: [], ...json.info },
    module,
    baseUrl,
    enabled: json.id !== app.json.id || settings.enabled,
    pinned: true,
    signature: 'unsigned',
    translations: Object.fromEntries(
      (json.languages ?? []).map((language) => [language, `${baseUrl}/locales/${language}/${json.id}.json`]),
    ),
    ...(json.id === app.json.id
      ? {
          jsonData: settings.jsonData,
          secureJsonFields: Object.fromEntries(Object.keys(settings.secureJsonData).map((name) => [name, true])),
        }
      : { jsonData: {} }),
  });
  const datasources = () =>
    listDataSources({
      ...{ subPath, prometheus, scrapeInterval },
      own: nested
        .filter(({ json }) => json.type === 'datasource')
        .map((plugin) => ({ type: plugin.json.id, name: plugin.json.name, meta: pluginMeta(plugin) })),
    });

  const server = http.createServer((request, response) => {
    if (!URL.canParse(request.url ?? '/', 'http://host'))
      return json(response, 400, { message: 'The address is not valid.' });
    const url = new URL(request.url ?? '/', 'http://host');
    if (subPath !== '' && url.pathname !== subPath && !url.pathname.startsWith(`${subPath}/`)) {
      if (url.pathname === '/') response.writeHead(302, { location: `${subPath}/` }).end();
      else json(response, 404, { message: 'Not found: this host is served below a sub-path.' });
      return;
    }
    const user = userOf(request.headers);
    if (user === undefined) return json(response, 401, { message: 'Invalid username or password' });
    let path;
    try {
      path = decodeURIComponent(url.pathname.slice(subPath.length));
    } catch {
      return json(response, 400, { message: 'The path is not valid.' });
    }
    // The proxied part stays as the browser encoded it.
    const raw = url.pathname.slice(subPath.length);
    if (path.startsWith('/public/'))
      return sendPublic(response, {
        ...{ path: path.slice('/public/'.length), pluginId: app.json.id, grafana },
        cached: url.searchParams.has('_cache'),
      });
    if (path.startsWith('/api/plugin-proxy/')) {
      const [, , , id, ...rest] = raw.split('/');
      if (id !== app.json.id)
        return json(response, 404, { message: 'Plugin not found, no installed plugin with that id' });
      if (!settings.enabled) return json(response, 404, { message: 'Plugin not enabled' });
      const target = { json: app.json, app: app.json, ...settings };
      return proxy(request, response, { target, path: rest.join('/'), search: url.search, user, buffering });
    }
    if (path.startsWith('/api/datasources/proxy/uid/')) {
      const [, , , , , uid, ...rest] = raw.split('/');
      if (uid === 'prometheus' && prometheus !== undefined)
        return void askPrometheus(response, { prometheus, path: rest.join('/'), search: url.search });
      const plugin = nested.find(({ json: { id, type } }) => id === uid && type === 'datasource');
      if (plugin === undefined) return json(response, 404, { message: 'data source not found' });
      // A data source of the app without a configuration of its own is provisioned with that of the app.
      const target = { json: plugin.json, app: app.json, ...settings };
      return proxy(request, response, { target, path: rest.join('/'), search: url.search, user, buffering });
    }
    if (path.startsWith('/api/')) return void api(request, response, path, user);
    if (path === '/host/user') {
      const login = url.searchParams.get('login') ?? '';
      response.writeHead(302, {
        'set-cookie': `${USER_COOKIE}=${encodeURIComponent(login)}; Path=${subPath}/; SameSite=Lax`,
        location: back(url, subPath),
      });
      return response.end();
    }
    if (path === '/host/dashboards') return json(response, 200, dashboards.list());
    if (path.startsWith('/host/dashboards/')) {
      const text = dashboards.find(path.slice('/host/dashboards/'.length));
      if (text === undefined) return json(response, 404, { message: 'Dashboard not found' });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    }
    const kept = preferences.get(user.login) ?? {};
    const theme = [url.searchParams.get('theme'), kept.theme, 'dark'].find((name) => THEMES.includes(name));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(
      bootPage({
        ...{ version, subPath, user, users: USERS, theme, plugins, datasources: datasources(), buffering },
        timezone: kept.timezone || timezone,
      }),
    );
  });

  async function api(request, response, path, user) {
    const settingsPath = `/api/plugins/${app.json.id}/settings`;
    const known = [app, ...nested].find(({ json: { id } }) => path === `/api/plugins/${id}/settings`);
    if (path === settingsPath && request.method === 'POST') {
      if (!hasRole(user, 'Admin')) return json(response, 403, { message: 'You need permissions: plugins:write' });
      const body = await readJson(request);
      if (body === undefined) return json(response, 400, { message: 'bad request data' });
      settings.enabled = body.enabled === true;
      settings.jsonData = body.jsonData ?? {};
      Object.assign(settings.secureJsonData, body.secureJsonData ?? {});
      return json(response, 200, { message: 'Plugin settings updated' });
    }
    if (known !== undefined) return json(response, 200, pluginMeta(known));
    if (path === '/api/user/preferences') {
      if (request.method === 'GET') return json(response, 200, preferences.get(user.login) ?? {});
      const body = await readJson(request);
      preferences.set(user.login, { ...preferences.get(user.login), ...body });
      return json(response, 200, { message: 'Preferences updated' });
    }
    if (path === '/api/health') return json(response, 200, { database: 'ok', version, commit: 'host' });
    if (path === '/api/login/ping') return json(response, 200, { message: 'Logged in' });
    if (path === '/api/user') return json(response, 200, { id: user.id, login: user.login, orgId: 1 });
    return json(response, 404, { message: `Not found: the host has no ${request.method} ${path}` });
  }

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host has no port');
  return {
    url: `http://127.0.0.1:${address.port}${subPath}`,
    setBuffering: (on) => void (buffering = on),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readVersion(grafana) {
  const path = join(setFolder(grafana), 'node_modules', '@grafana', 'runtime', 'package.json');
  return JSON.parse(readFileSync(path, 'utf8')).version;
}

/** Where the switch of users goes back to: a path of this host only. */
function back(url, subPath) {
  const to = url.searchParams.get('to') ?? '/';
  return to.startsWith(`${subPath}/`) && !to.startsWith('//') ? to : `${subPath}/`;
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 1_000_000) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}
