import { join } from 'node:path';
import { rspack } from '@rspack/core';
import { HOST, buildFolder, setFolder } from './server/folders.mjs';

/**
 * Builds the host's script on one set of Grafana's packages.
 *
 * @param {string} grafana
 * @returns {import('@rspack/core').Configuration}
 */
export function hostConfig(grafana) {
  const modules = join(setFolder(grafana), 'node_modules');
  const runtime = (path) => join(modules, '@grafana', 'runtime', 'dist', 'esm', path);
  return {
    mode: 'production',
    target: 'web',
    devtool: false,
    context: HOST,
    entry: { host: './src/main.tsx' },
    output: {
      path: buildFolder(grafana),
      filename: '[name].js',
      chunkFilename: '[name].[contenthash].js',
      clean: true,
    },
    // SystemJS defines a global `define`: packages with a universal header would register there instead of exporting.
    amd: {},
    resolve: {
      extensions: ['.tsx', '.ts', '.mjs', '.js'],
      alias: {
        // What Grafana's core sets inside of its packages, and `exports` does not name. ES modules are one for each file, so these
        // are the same instances that a plugin sees.
        '@host/PluginPage': runtime('components/PluginPage.mjs'),
        '@host/PanelRenderer': runtime('components/PanelRenderer.mjs'),
        '@host/PanelDataErrorView': runtime('components/PanelDataErrorView.mjs'),
        '@host/observable-links': runtime('services/pluginExtensions/getObservablePluginLinks.mjs'),
        '@host/i18n': join(modules, '@grafana', 'i18n', 'dist', 'esm', 'i18n.mjs'),
      },
    },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'builtin:swc-loader',
          options: {
            jsc: {
              target: 'es2022',
              parser: { syntax: 'typescript', tsx: true },
              transform: { react: { runtime: 'automatic' } },
            },
          },
        },
        // The host's own imports come out of the set, never out of the app's packages beside it.
        { include: join(HOST, 'src'), resolve: { modules: [modules] } },
        // Strict interop of .mjs files would take the default export of CommonJS packages for a namespace.
        { test: /\.m?js$/, resolve: { fullySpecified: false }, type: 'javascript/auto' },
        { test: /\.css$/, use: ['style-loader', 'css-loader'], type: 'javascript/auto' },
        { test: /\.(woff2?|ttf|svg|png)$/, type: 'asset/resource' },
      ],
    },
    resolveLoader: { modules: [join(HOST, 'node_modules')] },
    plugins: [new rspack.DefinePlugin({ 'process.env.NODE_ENV': '"production"' })],
    performance: { hints: false },
    // Packages of Grafana name source maps and optional parts that they do not ship.
    ignoreWarnings: [() => true],
    stats: 'errors-only',
  };
}
