/**
 * @typedef {'Viewer' | 'Editor' | 'Admin'} OrgRole
 * @typedef {object} User A user of the host. Their passwords are their logins: the host listens on loopback and protects nothing.
 * @property {number} id
 * @property {string} login
 * @property {string} name
 * @property {OrgRole} orgRole
 * @property {boolean} withoutApp Whether the roles of the app were taken from this user, as an administrator of Grafana may do.
 */

/** @type {readonly User[]} Two administrators, because some changes need a second person. */
export const USERS = [
  { id: 1, login: 'admin', name: 'Ada (Admin)', orgRole: 'Admin', withoutApp: false },
  { id: 2, login: 'admin2', name: 'Bob (Admin)', orgRole: 'Admin', withoutApp: false },
  { id: 3, login: 'editor', name: 'Eve (Editor)', orgRole: 'Editor', withoutApp: false },
  { id: 4, login: 'viewer', name: 'Vic (Viewer)', orgRole: 'Viewer', withoutApp: false },
  { id: 5, login: 'outsider', name: 'Otto (Viewer without the app)', orgRole: 'Viewer', withoutApp: true },
];

/** Basic roles of Grafana, each with what the one before may do. */
const RANK = { Viewer: 0, Editor: 1, Admin: 2 };

/** Cookie that names the user whom the switch of the page chose. */
export const USER_COOKIE = 'guardspan-host-user';

/**
 * Who asks: by basic authentication, as scripts do with Grafana, or by the switch of the page; an administrator otherwise.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @returns {User | undefined} Undefined for credentials that are wrong.
 */
export function userOf(headers) {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [login, password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return login === password ? USERS.find((user) => user.login === login) : undefined;
  }
  const cookie = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim().split('='))
    .find(([name]) => name === USER_COOKIE)?.[1];
  return USERS.find(({ login }) => login === cookie) ?? USERS[0];
}

/**
 * Actions that a user has: those of the roles that plugin.json grants to the user's basic role or to one below it.
 *
 * @param {User} user
 * @param {{ roles?: { role: { permissions: { action: string }[] }, grants: string[] }[] }} plugin Its plugin.json.
 * @returns {Record<string, boolean>}
 */
export function permissionsOf(user, plugin) {
  /** @type {Record<string, boolean>} */
  const permissions = { 'datasources:explore': user.orgRole !== 'Viewer', 'plugins.app:access': true };
  if (user.orgRole === 'Admin') permissions['plugins:write'] = true;
  if (user.withoutApp) return permissions;
  for (const { role, grants } of plugin.roles ?? []) {
    if (!grants.some((grant) => RANK[grant] <= RANK[user.orgRole])) continue;
    for (const { action } of role.permissions) permissions[action] = true;
  }
  return permissions;
}

/**
 * @param {User} user
 * @param {string} role
 */
export function hasRole(user, role) {
  return RANK[user.orgRole] >= (RANK[role] ?? Infinity);
}
