import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validatePlugin } from '../../grafana-plugin/scripts/validate-plugin.mjs';
import { countPlaywright } from '../lib/grafana-e2e.mjs';

let folder;
const put = (path, content) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};
const plugin = (change = {}) => ({
  id: 'acme-test-app',
  type: 'app',
  name: 'Test',
  info: {
    keywords: ['test'],
    description: 'An app of a test.',
    author: { name: 'Acme' },
    logos: { small: 'img/logo.svg', large: 'img/logo.svg' },
    links: [{ name: 'docs', url: 'https://example.com/' }],
    screenshots: [{ name: 'one', path: 'img/one.png' }],
    version: '1.2.3',
    updated: '2026-01-01',
  },
  includes: [{ type: 'page', name: 'Home', path: '/a/acme-test-app/home' }],
  dependencies: { grafanaDependency: '>=12.3.0-0' },
  ...change,
});
const validate = () =>
  validatePlugin({ dist: join(folder, 'dist'), sources: join(folder, 'src'), packageVersion: '1.2.3' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-plugin-'));
  put('src/page.tsx', 'export const page = 1;\n');
  put('dist/plugin.json', plugin());
  put('dist/module.js', 'define([],()=>1)');
  put('dist/module.js.map', {
    sources: ['webpack://acme/./page.tsx'],
    sourcesContent: ['export const page = 1;\n'],
  });
  put('dist/README.md', '# Test\n\nSee [docs](https://example.com/).\n');
  put('dist/CHANGELOG.md', '# Changelog\n');
  put('dist/LICENSE', 'Apache License\n');
  put('dist/img/logo.svg', '<svg><path d="M0 0"/></svg>');
  put('dist/img/one.png', 'png');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a built plugin', () => {
  it('passes when it keeps the rules', () => {
    expect(validate()).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    ['an unknown key', () => put('dist/plugin.json', plugin({ surprise: 1 })), /surprise/],
    [
      'a version other than the package',
      () => put('dist/plugin.json', plugin({ info: { ...plugin().info, version: '9.9.9' } })),
      /9\.9\.9 is not 1\.2\.3/,
    ],
    [
      'a page outside of the app',
      () => put('dist/plugin.json', plugin({ includes: [{ type: 'page', name: 'X', path: '/d/x' }] })),
      /not below/,
    ],
    [
      'a route for everything',
      () => put('dist/plugin.json', plugin({ routes: [{ path: '', url: 'http://x' }] })),
      /routes\.0\.path/,
    ],
    [
      'a nested plugin that is not included',
      () => put('dist/panel/plugin.json', plugin({ id: 'acme-test-panel', type: 'panel' })),
      /does not include panel\/plugin\.json/,
    ],
    [
      'a nested plugin that asks for another Grafana',
      () =>
        put(
          'dist/panel/plugin.json',
          plugin({ id: 'acme-test-panel', type: 'panel', dependencies: { grafanaDependency: '>=13.0.0-0' } }),
        ),
      /panel\/plugin\.json: grafanaDependency is not that of the app/,
    ],
    [
      'a nested plugin without its module and its logo',
      () => put('dist/panel/plugin.json', plugin({ id: 'acme-test-panel', type: 'panel' })),
      /panel\/module\.js is missing[^]*panel\/plugin\.json: the logo/,
    ],
    [
      'a dashboard that is not included',
      () => put('dist/dashboards/a.json', {}),
      /does not include dashboards\/a\.json/,
    ],
    ['a dashboard with the id of another Grafana', () => put('dist/dashboards/a.json', { id: 7 }), /has an id/],
    ['a large module', () => put('dist/module.js', 'x'.repeat(30_001)), /more than 30000 bytes/],
    [
      'a source map of other sources',
      () => put('src/page.tsx', 'export const page = 2;\n'),
      /page\.tsx is not what was built/,
    ],
    ['a relative link', () => put('dist/README.md', '[docs](docs/x.md)'), /is not absolute/],
    [
      'a picture with a script',
      () => put('dist/img/logo.svg', '<svg><script>1</script></svg>'),
      /script is not allowed/,
    ],
    ['a picture with a handler', () => put('dist/img/logo.svg', '<svg onload="x()"><path/></svg>'), /handler/],
    ['test data', () => put('dist/test/answers/a.json', '{}'), /does not belong/],
    ['eval', () => put('src/bad.ts', 'eval("1")'), /holds eval/],
    ['a global', () => put('src/bad.ts', 'window.mine = 1;'), /global/],
    [
      'a key of the storage for all',
      () => put('src/bad.ts', 'localStorage.setItem("draft", x)'),
      /do not name the plugin/,
    ],
  ])('is refused with %s', (_, spoil, message) => {
    spoil();
    expect(validate().errors.join('\n')).toMatch(message);
  });
});

describe('counts of Playwright', () => {
  it('are those of its report', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] };
    expect(countPlaywright(report, 1)).toMatchObject({ passed: 5, failed: 2, skipped: 2 });
  });
  it('hold a failure when there is no report, or no test ran', () => {
    expect(countPlaywright(undefined, 1).failed).toBe(1);
    expect(countPlaywright({ stats: { expected: 0 }, errors: [{ message: 'no tests' }] }, 1)).toMatchObject({
      failed: 1,
      notes: ['failed: no tests'],
    });
  });
});
