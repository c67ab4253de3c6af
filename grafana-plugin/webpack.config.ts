import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Compiler, Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

const withoutTestData = (compiler: Compiler): void => {
  compiler.hooks.emit.tap('without-test-data', (compilation) => {
    for (const name of Object.keys(compilation.assets).filter((asset) => asset.startsWith('test/'))) {
      compilation.deleteAsset(name);
    }
  });
};

/** What stands once in the repository, and where the app has it: dashboards, and the logo beside each nested plugin. */
const shared = new CopyWebpackPlugin({
  patterns: [
    { from: '../../dashboards/json', to: 'dashboards' },
    ...['datasource', 'panel'].map((folder) => ({ from: 'img', to: `${folder}/img` })),
  ],
});

/**
 * Grafana's own build, and things of ours: the language package has ES modules whose imports name their files, the answers that tests stand on
 * are no part of the app, although the template copies every JSON file, and files that are shared are copied to where they are used.
 */
const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
    output: { clean: true },
    plugins: [withoutTestData, shared],
  });

export default config;
