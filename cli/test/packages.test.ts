import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const repository = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');
const PUBLISHED = ['policy', 'instrumentation', 'evaluator', 'cli'];

describe.each(PUBLISHED)('the package %s', (name) => {
  it('holds what runs, its license and nothing of tests or tools', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: fileURLToPath(new URL(`${name}/`, repository)),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    expect(status, stderr).toBe(0);
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('LICENSE');
    const { exports, bin } = JSON.parse(read(`${name}/package.json`)) as { exports?: object; bin?: object };
    const named = JSON.stringify([exports, bin]).match(/(?<=")(\.\/)?dist\/[^"*]+/g) ?? [];
    expect(named).not.toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(named.map((path) => path.replace('./', ''))));
    const known =
      /^(package\.json|LICENSE|README\.md|dist\/.+\.(js|d\.ts|map|json|sql)|(schema|openapi|starters)\/.+\.(json|ya?ml))$/;
    expect(paths.filter((path) => !known.test(path))).toEqual([]);
    expect(
      paths.filter((path) => /(^|\/)(tests?|fixtures|node_modules)\/|\.(test|spec)\.|(^|\/)\.env/.test(path)),
    ).toEqual([]);
  });

  it('has the license of the repository', () => {
    expect(read(`${name}/LICENSE`)).toBe(read('LICENSE'));
  });
});

const parsed = new Map<string, ts.SourceFile>();
function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file) ?? ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext, true);
  parsed.set(file, known);
  return known;
}

/** Where a name of a module comes from: the statement that declares it, or `library`. */
function originOf(file: string, name: string): ts.Node | 'library' | undefined {
  for (const node of sourceOf(file).statements) {
    if (ts.isExportDeclaration(node) || ts.isImportDeclaration(node)) {
      const names = ts.isExportDeclaration(node) ? node.exportClause : node.importClause?.namedBindings;
      const from = node.moduleSpecifier;
      if (from === undefined || !ts.isStringLiteral(from) || names === undefined || !('elements' in names)) continue;
      const found = [...names.elements].find((element) => element.name.text === name);
      if (found === undefined) continue;
      const { text } = from;
      return text.startsWith('.') ? originOf(besides(file, text), (found.propertyName ?? found.name).text) : 'library';
    }
    if (ts.isVariableStatement(node)) {
      if (node.declarationList.declarations.some((one) => one.name.getText() === name)) return node;
    } else if ('name' in node && (node.name as ts.Identifier | undefined)?.text === name) return node;
  }
  return undefined;
}

function besides(file: string, specifier: string): string {
  return new URL(specifier.replace(/\.js$/, '.ts'), new URL(file, 'file:///')).pathname.slice(1);
}

describe.each([
  'policy/src/index.ts',
  'policy/src/runtime.ts',
  'instrumentation/src/index.ts',
  'evaluator/src/index.ts',
])('%s', (entry) => {
  it('exports by name, and nothing without a docstring', () => {
    const names = sourceOf(entry).statements.flatMap((node) => {
      if (!ts.isExportDeclaration(node)) return [];
      // The main entry has everything of the other one, which lists it.
      if (node.exportClause === undefined) expect(node.getText()).toBe("export * from './runtime.js';");
      return node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
        ? node.exportClause.elements.map(({ name }) => name.text)
        : [];
    });
    expect(names.length).toBeGreaterThan(20);
    const without = names.filter((name) => {
      const origin = originOf(entry, name);
      return origin !== 'library' && (origin === undefined || ts.getJSDocCommentsAndTags(origin).length === 0);
    });
    expect(without).toEqual([]);
  });
});

/** Files that may be longer, and why. */
const LONG: { [file: string]: string } = {
  'grafana-plugin/src/api/openapi.gen.ts': 'generated from the OpenAPI document',
};
const SOURCES = [
  ...['policy', 'instrumentation', 'evaluator', 'cli', 'demo', 'alert-rules', 'dashboards', 'test'].map(
    (name) => `${name}/src`,
  ),
  ...['grafana-plugin/src', 'grafana-plugin/host/src', 'grafana-plugin/host/server', 'scripts'],
];

it.each(['policy', 'instrumentation'])('%s for CommonJS is kept by engines with one byte for a character', (name) => {
  const folder = new URL(`${name}/dist/cjs/`, repository);
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
  expect(files.length).toBeGreaterThan(1);
  // A regular expression is not escaped by the bundler: write \\u for what is not Latin-1 in one, or the source takes twice the memory.
  const wide = files.filter((file) => /[\u0100-\uffff]/.test(readFileSync(new URL(file, folder), 'utf8')));
  expect(wide).toEqual([]);
});

it('no source is longer than 400 lines without a reason', () => {
  const long = SOURCES.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, repository), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && statSync(new URL(file, repository)).isFile())
      .filter((file) => read(file).split('\n').length > 401),
  );
  expect(long.sort()).toEqual(Object.keys(LONG).sort());
});
