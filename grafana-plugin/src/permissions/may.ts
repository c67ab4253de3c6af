import type { Access } from '../api/request';
import { PLUGIN_ID } from '../constants';

/** What Grafana and the evaluator know of the user. */
export interface Standing {
  /** Actions that Grafana granted. */
  permissions: { [action: string]: boolean };
  /** Role that the evaluator takes user and token for; undefined while it is not known. */
  role: string | undefined;
}

/** Why something cannot be done. */
export type Refusal = { by: 'grafana'; action: string } | { by: 'evaluator'; role: string; needed: string };

const ROLES = ['viewer', 'editor', 'approver', 'admin'];
const NEEDED: { [access in Access]: string } = { read: 'viewer', write: 'editor', approve: 'approver' };

/** The permission in Grafana that a kind of access needs. */
export function actionOf(access: Access): string {
  return `${PLUGIN_ID}.guardrails:${access}`;
}

/**
 * Undefined when it may be done. The evaluator checks again: this is for controls that say beforehand why they are disabled.
 * `role` is what the evaluator gave the *token*: it bounds what any user of the app may do.
 */
export function refusalOf(access: Access, { permissions, role }: Standing): Refusal | undefined {
  const action = actionOf(access);
  if (permissions[action] !== true) {
    return { by: 'grafana', action };
  }
  const needed = NEEDED[access];
  if (role !== undefined && ROLES.indexOf(role) < ROLES.indexOf(needed)) {
    return { by: 'evaluator', role, needed };
  }
  return undefined;
}
