/* Not called eslint.config: the linter of the root, which is another version, would take it for its own. */
import { defineConfig } from 'eslint/config';
import grafanaI18n from '@grafana/i18n/eslint-plugin';
import baseConfig from './.config/lint.config.mjs';

export default defineConfig([
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      '.policy/',
      '.config/',
      'host/**/build/',
      'artifacts/',
      '**/*.gen.ts',
      'test-results/',
    ],
  },
  ...baseConfig,
  { rules: { curly: 'off' } },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { '@grafana/i18n': grafanaI18n },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@grafana/i18n/no-untranslated-strings': ['error', { calleesToIgnore: ['^css$', 'use[A-Z].*'] }],
      'no-console': 'error',
    },
  },
  {
    files: ['host/src/**/*.{ts,tsx}', 'host/e2e/**/*.ts'],
    // The host is built for hosts that have the automatic runtime of JSX; the app does not choose its host.
    rules: { '@typescript-eslint/no-explicit-any': 'error', 'react/react-in-jsx-scope': 'off' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/i18n.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@grafana/i18n', importNames: ['t'], message: 'It escapes values: use t of src/i18n.ts.' }] },
      ],
    },
  },
  // `use` is what Playwright calls a function of its fixtures.
  { files: ['host/e2e/**/*.ts'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  { files: ['src/**/*.test.{ts,tsx}', 'src/test/**'], rules: { '@grafana/i18n/no-untranslated-strings': 'off' } },
]);
