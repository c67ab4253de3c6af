import { permissionsOf } from './users.mjs';

const DATE_FORMATS = {
  fullDate: 'YYYY-MM-DD HH:mm:ss',
  useBrowserLocale: false,
  interval: {
    ...{ millisecond: 'HH:mm:ss.SSS', second: 'HH:mm:ss', minute: 'HH:mm', hour: 'MM/DD HH:mm' },
    ...{ day: 'MM/DD', month: 'YYYY-MM', year: 'YYYY' },
  },
};

/**
 * The page that Grafana's server would send: the boot data that `@grafana/runtime` reads, and the host's script.
 *
 * @param {{ version: string, subPath: string, user: import('./users.mjs').User, users: readonly import('./users.mjs').User[], theme: 'dark' | 'light', timezone: string, plugins: ReturnType<typeof import('./plugin-files.mjs').readPlugins>, datasources: Record<string, unknown>, buffering: boolean }} options
 * @returns {string} HTML.
 */
export function bootPage({ version, subPath, user, users, theme, timezone, plugins, datasources, buffering }) {
  const { app, nested } = plugins;
  const boot = {
    settings: {
      appUrl: `${subPath}/`,
      appSubUrl: subPath,
      buildInfo: { version, commit: 'host', env: 'production', edition: 'Open Source' },
      featureToggles: {},
      namespace: 'default',
      datasources,
      defaultDatasource: Object.keys(datasources)[0] ?? '',
      apps: {
        [app.json.id]: {
          id: app.json.id,
          path: app.module,
          version: app.json.info.version,
          preload: app.json.preload === true,
          extensions: app.json.extensions ?? {},
        },
      },
      panels: Object.fromEntries(
        nested
          .filter(({ json }) => json.type === 'panel')
          .map(({ json, module, baseUrl }) => [json.id, { ...json, module, baseUrl, sort: 100 }]),
      ),
      dateFormats: DATE_FORMATS,
    },
    user: {
      id: user.id,
      uid: `u${user.id}`,
      isSignedIn: true,
      login: user.login,
      name: user.name,
      email: '',
      orgId: 1,
      orgName: 'Main Org.',
      orgRole: user.orgRole,
      orgCount: 1,
      isGrafanaAdmin: false,
      gravatarUrl: '',
      timezone,
      weekStart: 'monday',
      locale: 'en-US',
      language: 'en-US',
      regionalFormat: 'en-US',
      theme,
      lightTheme: theme === 'light',
      hasEditPermissionInFolders: user.orgRole !== 'Viewer',
      permissions: permissionsOf(user, app.json),
      permissionsMetadata: {},
    },
    navTree: [],
    assets: { jsFiles: [], dark: '', light: '' },
  };
  const host = {
    pluginId: app.json.id,
    version,
    buffering,
    users: users.map(({ login, name }) => ({ login, name })),
  };
  return `<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="${subPath}/">
<title>Guardspan (stand-in for Grafana ${version})</title>
<link rel="icon" href="data:,">
<style>html,body{margin:0;height:100%}</style>
</head>
<body class="theme-${theme} app-grafana">
<div id="reactRoot"></div>
<script>
window.grafanaBootData=${inScript(boot)};
window.guardspanHost=${inScript(host)};
window.__grafana_public_path__=${inScript(`${subPath}/public/`)};
</script>
<script src="${subPath}/public/build/host.js"></script>
</body>
</html>`;
}

/** JSON that cannot end the script that it stands in. */
function inScript(value) {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
