import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DIST, buildFolder, setFolder } from './folders.mjs';
import { sendFile } from './static-files.mjs';

/**
 * Sends what Grafana serves below `public/`: the built app, the host's script, and icons and fonts out of Grafana's packages.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {{ path: string, pluginId: string, grafana: string, cached: boolean }} options `path` is below `public/`.
 */
export function sendPublic(response, { path, pluginId, grafana, cached }) {
  const modules = join(setFolder(grafana), 'node_modules');
  const below = (prefix) => (path.startsWith(prefix) ? path.slice(prefix.length) : undefined);

  const plugin = below(`plugins/${pluginId}/`);
  if (plugin !== undefined) return sendFile(response, [DIST], plugin, { cached });
  const icon = below('build/img/icons/');
  if (icon !== undefined) {
    // Grafana's packages hold some icons; its server takes the others from where Grafana's build took them.
    const own = join(modules, '@grafana/ui/dist/public/img/icons');
    if (existsSync(join(own, icon))) return sendFile(response, [own], icon, { cached: true });
    return sendFile(response, [join(modules, '@iconscout/unicons/svg/line')], basename(icon), { cached: true });
  }
  const image = below('build/img/') ?? below('img/');
  if (image !== undefined) return sendFile(response, [join(modules, '@grafana/ui/dist/public/img')], image);
  const script = below('build/');
  if (script !== undefined) return sendFile(response, [buildFolder(grafana)], script);
  const inter = below('fonts/inter/');
  if (inter !== undefined) {
    const weight = inter.includes('Medium') ? 500 : 400;
    return sendFile(response, [join(modules, '@fontsource/inter/files')], `inter-latin-${weight}-normal.woff2`, {
      cached: true,
    });
  }
  if (below('fonts/roboto/') !== undefined) {
    const folder = join(modules, '@fontsource/roboto-mono/files');
    return sendFile(response, [folder], 'roboto-mono-latin-400-normal.woff2', { cached: true });
  }
  response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
}
