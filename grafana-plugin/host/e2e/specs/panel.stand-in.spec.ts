import { verdictOf } from '../app-pages';
import { remove } from '../editor';
import { expect, test, type Visitor } from '../fixtures';
import { delayFrames, tabTo } from '../keyboard';

/** Milliseconds by which frames come late where focus is looked at. */
const LATE = 300;

// On the stand-in's page of nested plugins; variables come from its address as from a dashboard's.
const open = async (visitor: Visitor, query = '', options: { theme?: 'dark' | 'light' } = {}) => {
  await visitor.open(`/host/panels?${query}`, options);
  return visitor.page.getByRole('list', { name: 'Guard-rails' });
};

for (const theme of ['dark', 'light'] as const) {
  test(`the panel, ${theme}: no errors, nothing that axe finds, wide and narrow`, async ({ as }) => {
    const visitor = await as('admin');
    await verdictOf(visitor, 'slow-model');
    const list = await open(visitor, '', { theme });
    await expect(list.getByRole('link', { name: 'equal-admission' })).toBeVisible();
    await expect(visitor.page.getByText('Loading')).toHaveCount(0);
    await visitor.shoot(`panel-${theme}`);
    expect(await visitor.violations()).toEqual([]);
    await visitor.page.setViewportSize({ width: 340, height: 900 });
    await visitor.page.waitForTimeout(500);
    await visitor.shoot(`panel-narrow-${theme}`);
    const over = await list.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  });
}

test('shows what the variables of the dashboard are about', async ({ as }) => {
  const visitor = await as('viewer');
  const list = await open(visitor, 'var-model=admissions');
  await expect(list.getByRole('link', { name: 'equal-admission' })).toBeVisible();
  await expect(list.getByRole('link', { name: 'slow-model' })).toHaveCount(0);
});

test('changes a mode with a reason, by the keyboard alone', async ({ as }) => {
  const visitor = await as('admin');
  const { page } = visitor;
  const name = `panel-${Date.now().toString(36)}`;
  const path = `/api/plugin-proxy/guardspan-guardrails-app/write/api/v1/guardrails/${name}?why=test`;
  const document = {
    ...{ apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name, managedBy: 'ui' } },
    spec: {
      ...{ description: 'A guard-rail of a test.', match: { models: ['none'] }, mode: 'dryrun', when: 'p95 > 5.0' },
      over: { window: '5m', signals: { p95: { quantile: 0.95, of: 'duration' } } },
      action: { annotate: { attributes: { note: 'slow' } } },
    },
  };
  const headers = { 'If-None-Match': '*' };
  const url = `${visitor.target.url}${path}`;
  expect((await page.request.fetch(url, { method: 'PUT', data: document, headers })).status()).toBe(201);
  const list = await open(visitor, `var-guardrail=${name}`);
  await expect(list.getByText('dryrun')).toBeVisible();
  // No focus that was asked for before a key may come after it.
  await delayFrames(page, LATE);
  await list.getByRole('button', { name: `Change the mode of ${name}` }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'off' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const warn = page.getByRole('menuitem', { name: 'warn' });
  await expect(warn).toBeFocused();
  await page.waitForTimeout(3 * LATE);
  await expect(warn).toBeFocused({ timeout: 1 });
  await delayFrames(page, 0);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await tabTo(page, /^ *Why/);
  await page.keyboard.type('seen to be right');
  await tabTo(page, /^ *Change *$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: `${name} done` })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list.getByText('warn')).toBeVisible();
  await remove(visitor, name);
});

test('a viewer is told which permission a change needs', async ({ as }) => {
  const visitor = await as('viewer');
  const list = await open(visitor);
  await list.getByRole('button', { name: 'Change the mode of slow-model' }).hover({ force: true });
  await expect(visitor.page.getByRole('tooltip')).toContainText(/git|guardrails:write/);
});

test('offers no change on a wall', async ({ as }) => {
  const visitor = await as('admin');
  const list = await open(visitor, 'kiosk');
  await expect(list.getByRole('link', { name: 'slow-model' })).toBeVisible();
  await expect(list.getByRole('button')).toHaveCount(0);
});

test('who may not read guard-rails is told which permission is missing', async ({ as }) => {
  const visitor = await as('outsider');
  visitor.expectProblems(/403/);
  await visitor.open('/host/panels');
  await expect(visitor.page.getByText('You may not see guard-rails')).toBeVisible();
});
