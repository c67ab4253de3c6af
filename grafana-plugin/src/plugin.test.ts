import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { actionOf } from './permissions/may';
import pluginJson from './plugin.json';
import { pages } from './routing/pages';

describe('plugin.json', () => {
  const linked = pluginJson.includes.filter(({ path, type }) => type === 'page' && path.startsWith('/a/'));

  it('links only to pages that are there', () => {
    for (const { path } of linked) {
      expect(pages.map((page) => `/a/%PLUGIN_ID%/${page.path}`)).toContain(path);
    }
  });

  it('links to each page that needs no parameter, but for the forms of new things', () => {
    const reachable = pages.filter(({ path }) => !path.includes(':') && !path.endsWith('/new'));
    expect(linked.map(({ path }) => path.replace('/a/%PLUGIN_ID%/', ''))).toEqual(reachable.map(({ path }) => path));
  });

  it('asks for the permission of reading on every page, and of its kind on every route', () => {
    for (const page of linked) {
      expect('action' in page && page.action).toBe(actionOf('read'));
    }
    const accesses = ['read', 'write', 'approve'] as const;
    expect(pluginJson.routes.map(({ path, reqAction }) => [path, reqAction])).toEqual(
      accesses.map((access) => [`${access}/*`, actionOf(access)]),
    );
    expect(pluginJson.routes[0]!.method).toBe('GET');
  });

  it('gives no role a permission that the app does not know', () => {
    const known = ['plugins.app:access', ...(['read', 'write', 'approve'] as const).map(actionOf)];
    for (const { action } of pluginJson.roles.flatMap(({ role }) => role.permissions)) {
      expect(known).toContain(action);
    }
  });

  it('brings every dashboard of the repository under its title, and every nested plugin', () => {
    const folder = join(__dirname, '../../dashboards/json');
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as { title: string; name: string };
    const included = (type: string) =>
      pluginJson.includes.flatMap((one) => (one.type === type ? [{ name: one.name, path: one.path }] : []));
    const dashboards = readdirSync(folder).map((file) => ({
      name: read(join(folder, file)).title,
      path: `dashboards/${file}`,
    }));
    expect(included('dashboard').sort((a, b) => a.path.localeCompare(b.path))).toEqual(dashboards);
    for (const type of ['datasource', 'panel']) {
      const path = `${type}/plugin.json`;
      expect(included(type)).toEqual(
        existsSync(join(__dirname, path)) ? [{ name: read(join(__dirname, path)).name, path }] : [],
      );
    }
  });

  it('has its logo', () => {
    expect(existsSync(join(__dirname, pluginJson.info.logos.small))).toBe(true);
  });

  it('has its pictures, each of a size that a release can carry', () => {
    expect(pluginJson.info.screenshots).toHaveLength(3);
    for (const { path } of pluginJson.info.screenshots) {
      expect(statSync(join(__dirname, path)).size).toBeLessThan(250_000);
    }
  });
});
