import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, posix, sep } from 'node:path';
import { pluginSchema } from './plugin-schema.mjs';

/** Grafana loads the app's module.js with every page, whatever the page. Bytes. */
const MAX_MODULE = 30_000;
const SVG_ELEMENTS = new Set(
  'svg g path circle rect line polyline polygon ellipse defs linearGradient radialGradient stop title desc clipPath mask use'.split(
    ' ',
  ),
);
/** What reviewers of Grafana's catalogue refuse in sources. */
const REFUSED = [
  [/\beval\s*\(/, 'eval'],
  [/\bnew Function\s*\(/, 'new Function'],
  [/dangerouslySetInnerHTML|\.innerHTML\s*=/, 'HTML that is not sanitised'],
  [/\bwindow\.[A-Za-z_]+\s*=[^=]/, 'a global on window'],
  [/<script\b|createElement\(['"]script/, 'a script that is added to the page'],
  [/google-analytics|googletagmanager|segment\.com|posthog|mixpanel/i, 'tracking'],
];

/**
 * Checks a built plugin against the rules of Grafana's plugin validator that need neither network nor Grafana. The validator itself is a
 * program of Grafana's release pipeline; what it checks beyond this is in docs/grafana.md.
 *
 * @param {{ dist: string, sources: string, packageVersion: string }} options `sources` is the folder of the sources that dist was built of.
 * @returns {{ errors: string[], warnings: string[] }} A sentence each.
 */
export function validatePlugin({ dist, sources, packageVersion }) {
  const errors = [];
  const warnings = [];
  const files = listFiles(dist);
  const has = (path) => files.includes(path);
  const text = (path) => readFileSync(join(dist, path), 'utf8');

  const plugins = files
    .filter((file) => posix.basename(file) === 'plugin.json')
    .map((file) => ({ file, folder: file === 'plugin.json' ? '' : `${dirname(file)}/`, json: JSON.parse(text(file)) }));
  const app = plugins.find(({ folder }) => folder === '');
  if (app === undefined) return { errors: [`${dist} holds no plugin.json`], warnings };

  for (const { file, folder, json } of plugins) {
    const parsed = pluginSchema.safeParse(json);
    for (const { path, message } of parsed.error?.issues ?? []) errors.push(`${file}: ${path.join('.')}: ${message}`);
    if (!parsed.success) continue;
    const { id, type, info, dependencies } = parsed.data;
    if (!id.endsWith(`-${type}`)) errors.push(`${file}: the id ${id} does not end with -${type}`);
    if (info.version !== packageVersion)
      errors.push(`${file}: version ${info.version} is not ${packageVersion} of package.json`);
    if (dependencies.grafanaDependency !== app.json.dependencies.grafanaDependency)
      errors.push(`${file}: grafanaDependency is not that of the app`);
    for (const needed of ['module.js', 'module.js.map'])
      if (!has(folder + needed)) errors.push(`${file}: ${folder}${needed} is missing`);
    for (const logo of new Set(Object.values(info.logos)))
      if (!has(posix.join(folder, logo))) errors.push(`${file}: the logo ${logo} is missing`);
    for (const { path } of info.screenshots) {
      if (!has(posix.join(folder, path))) errors.push(`${file}: the screenshot ${path} is missing`);
      if (!['.png', '.jpg', '.gif', '.webp'].includes(extname(path))) errors.push(`${file}: ${path} is no picture`);
    }
    if ((info.links ?? []).length === 0 && folder === '')
      warnings.push(`${file}: info.links is empty; the catalogue wants one`);
    if (info.screenshots.length === 0 && folder === '') warnings.push(`${file}: there are no screenshots`);
  }

  const { includes = [], id } = app.json;
  for (const { type, path, name } of includes) {
    const local = type === 'page' ? undefined : posix.normalize(path);
    if (type === 'page' && !path.startsWith(`/a/${id}`) && path !== `/plugins/${id}`)
      errors.push(`plugin.json: the page ${name} is at ${path}, not below /a/${id}`);
    if (local !== undefined && !has(local)) errors.push(`plugin.json: includes ${local}, which is missing`);
  }
  for (const { file, folder, json } of plugins.filter(({ folder: below }) => below !== '')) {
    if (!includes.some(({ type, path }) => type === json.type && posix.normalize(path) === file))
      errors.push(`plugin.json: does not include ${file} as ${json.type}`);
    if (folder.split('/').length > 4) warnings.push(`${file}: lies deep`);
  }

  for (const file of files.filter((name) => /^dashboards\/.*\.json$/.test(name))) {
    if (!includes.some(({ type, path }) => type === 'dashboard' && posix.normalize(path) === file))
      errors.push(`plugin.json: does not include ${file} as dashboard`);
    if (JSON.parse(text(file)).id) errors.push(`${file}: has an id, which is that of another Grafana`);
  }

  if (has('module.js') && statSync(join(dist, 'module.js')).size > MAX_MODULE)
    errors.push(`module.js has more than ${MAX_MODULE} bytes`);
  errors.push(...mapErrors({ dist, files, sources }));
  for (const needed of ['README.md', 'CHANGELOG.md', 'LICENSE']) if (!has(needed)) errors.push(`${needed} is missing`);
  if (has('README.md')) {
    for (const [, target] of text('README.md').matchAll(/\]\(([^)]+)\)/g))
      if (!/^(https?:|#|mailto:)/.test(target)) errors.push(`README.md: the link ${target} is not absolute`);
    if (/create-plugin|Grafana App Plugin Template/.test(text('README.md')))
      errors.push('README.md: is that of the template');
  }
  if (has('LICENSE') && !/Apache License/.test(text('LICENSE')))
    errors.push('LICENSE: is not the licence of package.json');
  for (const file of files) {
    if (file.split('/').some((part) => part.startsWith('.'))) errors.push(`${file}: hidden files do not belong here`);
    if (/^(test|tests|node_modules|dist)\//.test(file)) errors.push(`${file}: does not belong into a release`);
    if (extname(file) === '.svg') errors.push(...svgErrors(file, text(file)));
  }
  for (const file of listFiles(sources).filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^test\//.test(name))) {
    const source = readFileSync(join(sources, file), 'utf8');
    for (const [pattern, what] of REFUSED) if (pattern.test(source)) errors.push(`src/${file}: holds ${what}`);
    if (/\.(?:get|set|remove)Item\(/.test(source) && !/PLUGIN_ID/.test(source))
      errors.push(`src/${file}: keys of the storage do not name the plugin`);
  }
  return { errors, warnings };
}

/** Source maps must tell the sources as they are: that is how reviewers compare. */
function mapErrors({ dist, files, sources }) {
  return files
    .filter((file) => file.endsWith('.js.map'))
    .flatMap((file) => {
      const map = JSON.parse(readFileSync(join(dist, file), 'utf8'));
      return map.sources.flatMap((name, index) => {
        const local = /^webpack:\/\/[^/]*\/\.\/(?:src\/)?([^?]+\.tsx?)$/.exec(name)?.[1];
        if (local === undefined || name.includes('node_modules') || !existsSync(join(sources, local))) return [];
        const now = readFileSync(join(sources, local), 'utf8');
        return map.sourcesContent?.[index] === now ? [] : [`${file}: src/${local} is not what was built`];
      });
    });
}

function svgErrors(file, svg) {
  const elements = [...svg.matchAll(/<([A-Za-z]+)/g)].map(([, name]) => name);
  return [
    ...elements.filter((name) => !SVG_ELEMENTS.has(name)).map((name) => `${file}: the element ${name} is not allowed`),
    ...(/\son\w+=|javascript:|href="(?!#)/i.test(svg) ? [`${file}: holds a handler or a reference to elsewhere`] : []),
  ];
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort();
}
