import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

/**
 * Grafana's own build, and two things of ours: the language package has ES modules whose imports name their files, and the date of a
 * release is the one that is passed in, so that the same source gives the same bytes.
 */
const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
  });

export default config;
