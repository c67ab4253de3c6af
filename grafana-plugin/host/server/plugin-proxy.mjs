import http from 'node:http';
import https from 'node:https';
import { hasRole, permissionsOf } from './users.mjs';

/** Headers that concern one connection only, and what Grafana never passes on. */
const DROPPED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'host', 'cookie', 'origin', 'referer', 'accept-encoding'],
]);

/**
 * @typedef {object} Target What a proxied plugin is configured with.
 * @property {any} json plugin.json, whose `routes` say what is proxied.
 * @property {Record<string, unknown>} jsonData
 * @property {Record<string, string>} secureJsonData
 * @property {any} app plugin.json of the app, whose roles grant the actions.
 */

/**
 * Answers a request as Grafana's plugin proxy does: the first route of plugin.json whose method and path fit is checked against the
 * permissions of the user (`reqAction`, else `reqRole`), its templates are filled in, and the user is named in `X-Grafana-Context` and
 * `X-Grafana-User`. What comes back streams through; with `buffering` it is held until it is whole, as a proxy before Grafana may do.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ target: Target, path: string, search: string, user: import('./users.mjs').User, buffering: boolean }} options `path` is the part after the plugin.
 */
export function proxy(request, response, { target, path, search, user, buffering }) {
  const { json } = target;
  const found = findRoute(json.routes ?? [], request.method ?? 'GET', path);
  if (found === undefined) return refuse(response, 404, 'plugin route match not found');
  const { route, rest } = found;
  const allowed =
    route.reqAction !== undefined
      ? permissionsOf(user, target.app)[route.reqAction] === true
      : route.reqRole === undefined || hasRole(user, route.reqRole);
  if (!allowed) return refuse(response, 403, 'plugin proxy route access denied');
  let url;
  try {
    url = new URL(fill(route.url, target));
  } catch {
    return refuse(response, 500, 'Failed to interpolate the URL of the route');
  }
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${rest}`;
  url.search = search;

  /** @type {import('node:http').OutgoingHttpHeaders} */
  const headers = {};
  for (const [name, value] of Object.entries(request.headers)) if (!DROPPED.has(name)) headers[name] = value;
  delete headers.authorization;
  headers['x-grafana-context'] = JSON.stringify(contextOf(user));
  headers['x-grafana-user'] = user.login;
  for (const { name, content } of route.headers ?? []) headers[name.toLowerCase()] = fill(content, target);

  const { request: send } = url.protocol === 'https:' ? https : http;
  const upstream = send(url, { method: request.method, headers, agent: false }, (answer) => {
    const passed = { ...answer.headers, 'content-security-policy': 'sandbox' };
    delete passed['set-cookie'];
    delete passed.connection;
    delete passed['keep-alive'];
    if (!buffering) {
      response.writeHead(answer.statusCode ?? 502, passed);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      return;
    }
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      response.writeHead(answer.statusCode ?? 502, passed);
      response.end(Buffer.concat(chunks));
    });
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    // An answer that has begun can only be cut.
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

/**
 * @param {any[]} routes
 * @param {string} method
 * @param {string} path
 * @returns {{ route: any, rest: string } | undefined}
 */
export function findRoute(routes, method, path) {
  for (const route of routes) {
    if (route.method !== undefined && route.method !== '*' && route.method !== method) continue;
    const wanted = route.path.replace(/^\//, '');
    if (wanted.endsWith('*')) {
      const prefix = wanted.slice(0, -1);
      if (path.startsWith(prefix)) return { route, rest: path.slice(prefix.length) };
    } else if (path === wanted || path.startsWith(`${wanted}/`)) {
      return { route, rest: path.slice(wanted.length).replace(/^\//, '') };
    }
  }
  return undefined;
}

/** Fills `{{ .JsonData.name }}` and `{{ .SecureJsonData.name }}` in; what is not configured is empty. */
function fill(template, { jsonData, secureJsonData }) {
  return template.replace(/\{\{\s*\.(JsonData|SecureJsonData)\.(\w+)\s*\}\}/g, (_, kind, name) =>
    String((kind === 'JsonData' ? jsonData : secureJsonData)[name] ?? ''),
  );
}

/** The signed-in user with the names that Grafana's struct has in JSON. */
function contextOf({ id, login, name, orgRole }) {
  return { UserID: id, OrgID: 1, OrgName: 'Main Org.', OrgRole: orgRole, Login: login, Name: name, IsAnonymous: false };
}

function refuse(response, status, message) {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify({ message, traceID: '' }));
}
