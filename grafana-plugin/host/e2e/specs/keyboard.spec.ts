import { verdictOf } from '../app-pages';
import { expect, test } from '../fixtures';
import { tabTo } from '../keyboard';

test('from the Overview to a verdict and a judgement with the keyboard alone', async ({ as }) => {
  const editor = await as('editor');
  await verdictOf(editor, 'equal-admission');
  const { page } = editor;
  await editor.openApp('overview');
  await expect(page.getByRole('link', { name: /women are admitted/ }).first()).toBeVisible();
  await tabTo(page, /women are admitted/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'equal-admission' })).toBeVisible();
  await expect(page.getByLabel('Your reason')).toBeVisible();
  await tabTo(page, /Your reason/);
  const reason = `by keyboard ${Date.now()}`;
  await page.keyboard.type(reason);
  await tabTo(page, /It is right/);
  await page.keyboard.press('Space');
  await expect(page.getByText(reason)).toBeVisible();
});

test('the kill switch is opened, filled in and left with the keyboard alone', async ({ as }) => {
  const admin = await as('admin');
  const { page } = admin;
  await admin.openApp('fleet');
  await expect(page.getByRole('table', { name: 'Processes' })).toBeVisible();
  await tabTo(page, /Stop enforcement…/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await tabTo(page, /Which service/);
  await page.keyboard.type('assistant');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/guard-rails? stops? acting/)).toBeVisible();
  await tabTo(page, /^ *Why/);
  await page.keyboard.type('by keyboard');
  await expect(dialog.getByRole('button', { name: 'Stop enforcement of service assistant' })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Enforcement is stopped')).toHaveCount(0);
});

test('the focus is seen, and never caught', async ({ as }) => {
  const visitor = await as('viewer');
  await visitor.openApp('guardrails');
  await expect(visitor.page.getByText('Loading')).toHaveCount(0);
  const seen = new Set<string>();
  for (let stop = 0; stop < 40; stop += 1) {
    await visitor.page.keyboard.press('Tab');
    const at = await visitor.page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return 'page';
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const visible =
        outlineStyle !== 'none' || boxShadow !== 'none' || width * height < 4 || element.tagName === 'INPUT';
      return `${visible ? '' : 'unseen '}${element.tagName} ${element.textContent?.slice(0, 60)} ${element.getAttribute('href') ?? ''}`;
    });
    seen.add(at);
    if (at === 'page' && stop > 5) break;
  }
  expect([...seen].filter((at) => at.startsWith('unseen'))).toEqual([]);
  expect(seen.size).toBeGreaterThan(8);
});
