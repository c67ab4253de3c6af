import { defineConfig } from 'i18next-cli';

/** Texts are written in the code; `npm run texts` collects them into the file that Grafana loads, and that other languages start from. */
export default defineConfig({
  locales: ['en-US'],
  extract: {
    input: ['src/**/*.{ts,tsx}'],
    ignore: ['src/**/*.test.{ts,tsx}', 'src/test/**'],
    output: 'src/locales/{{language}}/{{namespace}}.json',
    defaultNS: 'guardspan-guardrails-app',
    functions: ['t'],
    transComponents: ['Trans'],
    sort: true,
    removeUnusedKeys: true,
  },
});
