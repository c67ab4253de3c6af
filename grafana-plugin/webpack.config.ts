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

/**
 * Grafana's own build, and two things of ours: the language package has ES modules whose imports name their files, and the answers that
 * tests stand on are no part of the app, although the template copies every JSON file.
 */
const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
    output: { clean: true },
    plugins: [withoutTestData],
  });

export default config;
