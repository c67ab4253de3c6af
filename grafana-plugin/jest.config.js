// The same on every machine.
process.env.TZ = 'UTC';

const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');
const base = require('./.config/jest.config');

const swc = base.transform['^.+\\.(t|j)sx?$'];

module.exports = {
  ...base,
  // Two cores may be shared with much else.
  testTimeout: 60_000,
  // d3-color ships .mjs.
  transform: { '^.+\\.m?(t|j)sx?$': swc },
  transformIgnorePatterns: [
    nodeModulesToTransform([
      ...grafanaESModules,
      '@guardspan/policy',
      '@prometheus-io/lezer-promql',
      '@lezer/common',
      '@lezer/highlight',
      '@lezer/lr',
      '@marcbachmann/cel-js',
      '@noble/hashes',
      'until-async',
      'yaml',
    ]),
  ],
};
