import { ROLES, type Principal } from './types.js';

/** Header in which Grafana's proxy names the signed-in user, as JSON. It replaces what a browser sends under this name. */
const CONTEXT_HEADER = 'x-grafana-context';
/** Header that the app's routes set: the role that Grafana's permissions gave the user for this request. */
const ROLE_HEADER = 'x-guardspan-role';
const MAX_LOGIN = 190;

/**
 * Who a request is made for. A token with `on_behalf: grafana` speaks for the users of a Grafana: they are called `grafana:<login>`, with the
 * role of their route and never more than the token's. Without a user, or for other tokens, the principal stays; headers of others say nothing.
 * Throws SyntaxError when the user cannot be read: such a request must not run under the name of the token.
 */
export function actingFor(
  principal: Principal,
  headers: { readonly [name: string]: string | string[] | undefined },
): Principal {
  const context = headers[CONTEXT_HEADER];
  if (principal.onBehalf !== 'grafana' || context === undefined) return principal;
  const value: unknown = JSON.parse(String(context));
  if (typeof value !== 'object' || value === null) throw new SyntaxError('no object');
  // Grafana writes the fields of a Go struct: `Login`, by version with or without a tag that lowers it.
  const login = Object.entries(value).find(([key]) => key.toLowerCase() === 'login')?.[1] as unknown;
  if (typeof login !== 'string' || login.length > MAX_LOGIN) throw new SyntaxError('no login');
  const wanted = ROLES.find((role) => role === headers[ROLE_HEADER]) ?? 'viewer';
  const given = ROLES.findIndex((role) => role === principal.role);
  const role = login === '' ? 'viewer' : ROLES[Math.min(ROLES.indexOf(wanted), given)];
  return {
    ...principal,
    name: `grafana:${login === '' ? 'anonymous' : login}`,
    role: role ?? principal.role,
    tokenRole: principal.role,
  };
}
