import { ROLES, type Principal, type Role } from './types.js';

/** True when a role may do what `needed` may. An agent's token is good for agents' operations only; `admin` is good for those too. */
export function hasRole(role: Role, needed: Role): boolean {
  if (needed === 'agent') return role === 'agent' || role === 'admin';
  return role !== 'agent' && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** True when a principal may speak for this service. */
export function mayUseService(principal: Principal, service: string): boolean {
  return principal.role !== 'agent' || allows(principal.services, service);
}

/** True when a principal may report calls of this model. */
export function mayUseModel(principal: Principal, model: string): boolean {
  return principal.role !== 'agent' || allows(principal.models, model);
}

function allows(globs: readonly string[], value: string): boolean {
  return globs.length === 0 || globs.some((glob) => globMatches(glob, value));
}

function globMatches(glob: string, value: string): boolean {
  const parts = glob.split('*');
  const first = parts[0]!;
  if (parts.length === 1) return glob === value;
  const last = parts[parts.length - 1]!;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
