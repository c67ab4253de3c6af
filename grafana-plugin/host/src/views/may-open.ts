import { OrgRole, type PluginInclude } from '@grafana/data';
import { config } from '@grafana/runtime';

const RANK = [OrgRole.None, OrgRole.Viewer, OrgRole.Editor, OrgRole.Admin];

/** Whether Grafana lets the user open a page of plugin.json: by its action, else by its role. */
export function mayOpen({ action, role }: PluginInclude): boolean {
  const { permissions = {}, orgRole } = config.bootData.user;
  if (action !== undefined) return permissions[action] === true;
  return role === undefined || RANK.indexOf(orgRole as OrgRole) >= RANK.indexOf(role as OrgRole);
}
