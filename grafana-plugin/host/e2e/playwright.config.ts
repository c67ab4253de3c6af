import { defineConfig } from '@playwright/test';
import { targets } from './settings';

const report = process.env.GUARDSPAN_E2E_REPORT;
const core = process.env.GUARDSPAN_E2E_CORE === 'true';

export default defineConfig({
  testDir: './specs',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  retries: 0,
  forbidOnly: true,
  // The configuration of the app is one for all: tests that change it must not run beside others.
  workers: 1,
  reporter: report === undefined ? 'list' : [['list'], ['json', { outputFile: report }]],
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(process.env.GUARDSPAN_CHROMIUM === undefined ? {} : { executablePath: process.env.GUARDSPAN_CHROMIUM }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    },
  },
  projects: targets().map(({ name, standIn, prometheus, alertmanager }) => ({
    name,
    // Below a sub-path only what a sub-path can break; outside of the stand-in only what Grafana has too.
    ...(name.includes('/') ? { testMatch: /sub-path\.spec/ } : {}),
    testIgnore: [
      ...(name.includes('/') ? [] : [/sub-path\.spec/]),
      ...(standIn ? [] : [/stand-in\.spec/]),
      ...(prometheus === undefined ? [/dashboards\.spec/] : []),
      ...(alertmanager === undefined ? [/alert\.spec/] : []),
      ...(process.env.GUARDSPAN_E2E_PICTURES === undefined ? [/pictures\.spec/] : []),
      ...(core ? [/roles\.spec/, /faults\.spec/] : []),
    ],
  })),
});
