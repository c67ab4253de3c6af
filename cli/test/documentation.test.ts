import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { bindGuardrails, loadDocuments, runGuardrailTests } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';

const repository = new URL('../../', import.meta.url);
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs/', repository))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const read = (page: string): string => readFileSync(new URL(page, repository), 'utf8');
/** The text outside of blocks of code. */
const prose = (page: string): string => read(page).replace(/```[\s\S]*?```/g, '');

/** Anchors of the headings of a page, as they are made from their text. */
function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map((heading) =>
    heading[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  it('links to pages and headings that exist', () => {
    const links = [...prose(page).matchAll(/\]\(([^)]+)\)/g)].map((link) => link[1]!);
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      const [path, anchor] = link.split('#');
      const target = path === '' ? new URL(page, repository) : new URL(path!, new URL(page, repository));
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(anchors(target.href.slice(repository.href.length)), link).toContain(anchor);
    }
  });

  it('shows guard-rails that load and pass their own tests', () => {
    const blocks = [...read(page).matchAll(/```yaml\n([\s\S]*?)```/g)].map((block) => block[1]!);
    for (const block of blocks.filter((text) => text.includes('kind: Guardrail'))) {
      const { documents, errors } = loadDocuments(block, { file: page });
      expect(errors).toEqual([]);
      const written = documents.Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
      const bound = bindGuardrails(written, { exceptions: [], packs: documents.DetectorPack });
      expect(bound.flatMap(runGuardrailTests).filter(({ passed }) => !passed)).toEqual([]);
    }
  });
});

describe('documentation', () => {
  it('has every page of docs/ in its index', () => {
    const index = read('docs/index.md');
    for (const page of PAGES.filter((name) => name.startsWith('docs/') && name !== 'docs/index.md'))
      expect(index).toContain(`](${page.slice('docs/'.length)})`);
  });

  it('names only files and folders in ARCHITECTURE.md that exist', () => {
    const named = [...prose('ARCHITECTURE.md').matchAll(/`([a-z][\w.-]*(?:\/[\w.-]+)+\/?)`/g)].map(
      (match) => match[1]!,
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(new URL(path, repository)))).toEqual([]);
  });

  it('gives one line of reason for each dependency in ARCHITECTURE.md', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    const app = ['', 'host/', 'host/grafana-12/', 'host/grafana-13/'].map((folder) => `grafana-plugin/${folder}`);
    const manifests = ['', ...workspaces.map((name) => `${name}/`), ...app].map(
      (folder) =>
        JSON.parse(read(`${folder}package.json`)) as Record<
          'dependencies' | 'devDependencies' | 'peerDependencies',
          Record<string, string> | undefined
        >,
    );
    const used = new Set(
      manifests.flatMap(({ dependencies, devDependencies, peerDependencies }) =>
        Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
      ),
    );
    const external = [...used].filter((name) => !name.startsWith('@guardspan/')).sort();
    const rows = [
      ...read('ARCHITECTURE.md')
        .split('## Dependencies')[1]!
        .matchAll(/^\| `([@\w/.-]+)` +\| [^|]*\| ([^|]+)\|$/gm),
    ];
    const explained = rows.filter(([, , reason]) => reason!.trim() !== '').map((row) => row[1]!);
    expect(external.filter((name) => !explained.includes(name))).toEqual([]);
    expect(explained.filter((name) => !used.has(name))).toEqual([]);
  });
});
