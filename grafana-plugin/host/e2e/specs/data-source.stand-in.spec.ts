import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictOf } from '../app-pages';
import { expect, test, type Visitor } from '../fixtures';

// On the stand-in's page of nested plugins: dashboards and Explore are parts of Grafana that no package holds.
const SOURCE = { name: 'Guardspan' };
const open = async (visitor: Visitor, query: object, options: { theme?: 'dark' | 'light' } = {}) => {
  await visitor.open(`/host/panels?${new URLSearchParams({ query: JSON.stringify(query) }).toString()}`, options);
  return visitor.page.getByRole('region', SOURCE);
};

for (const theme of ['dark', 'light'] as const) {
  test(`the query editor and its answer, ${theme}: no errors, nothing that axe finds`, async ({ as }) => {
    const visitor = await as('viewer');
    await verdictOf(visitor, 'slow-model');
    const source = await open(visitor, { topic: 'verdicts' }, { theme });
    await expect(source.getByText('slow-model').first()).toBeVisible();
    await expect(source.getByText('Disposition')).toBeVisible();
    await visitor.shoot(`data-source-${theme}`);
    expect(await visitor.violations()).toEqual([]);
  });
}

for (const [topic, text, conditions] of [
  ['dispositions', 'enforced', {}],
  ['series', 'p80', { guardrail: 'slow-model' }],
  ['guardrails', 'equal-admission', {}],
  ['revisions', 'created', { guardrail: 'slow-model' }],
  ['coverage', '100%', {}],
  ['fleet', 'assistant', {}],
] as const) {
  test(`answers with ${topic}`, async ({ as }) => {
    const visitor = await as('viewer');
    await verdictOf(visitor, 'slow-model');
    const source = await open(visitor, { topic, ...conditions });
    await expect(source.getByText(text).first()).toBeVisible();
  });
}

test('the keyboard chooses what is asked', async ({ as }) => {
  const visitor = await as('viewer');
  const source = await open(visitor, { topic: 'verdicts' });
  await source.getByLabel('Show').focus();
  await visitor.page.keyboard.press('ArrowDown');
  await visitor.page.keyboard.type('Processes');
  await expect(visitor.page.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await visitor.page.keyboard.press('ArrowDown');
  await visitor.page.keyboard.press('Enter');
  await expect(source.getByText('Up to date')).toBeVisible();
  await expect(source.getByLabel('Owner')).toHaveCount(0);
});

test('who may not read guard-rails is told so where the answer would be', async ({ as }) => {
  const visitor = await as('outsider');
  visitor.expectProblems(/403/);
  const source = await open(visitor, { topic: 'verdicts' });
  await source.getByTestId('data-testid Panel status error').first().hover();
  await expect(visitor.page.getByRole('tooltip')).toContainText('You lack a permission');
});

test('an evaluator that is down is named', async ({ as, fault }) => {
  const visitor = await as('viewer');
  visitor.expectProblems(/502/);
  await fault({ fault: 'down' });
  const source = await open(visitor, { topic: 'coverage' });
  await source.getByTestId('data-testid Panel status error').first().hover();
  await expect(visitor.page.getByRole('tooltip')).toContainText('The evaluator cannot be reached');
});

test('the built app brings the dashboards that are made for it', () => {
  const dist = join(import.meta.dirname, '..', '..', '..', 'dist');
  const { includes } = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8')) as {
    includes: Array<{ type: string; name: string; path: string }>;
  };
  const dashboards = includes.filter(({ type }) => type === 'dashboard');
  expect(dashboards).toHaveLength(5);
  for (const { name, path } of dashboards) {
    expect(JSON.parse(readFileSync(join(dist, path), 'utf8'))).toMatchObject({ title: name });
  }
});
