import { verdictOf } from '../app-pages';
import { expect, test } from '../fixtures';

test('the Overview shows a reroute within a minute, and its Verdict page explains it', async ({ as }) => {
  const visitor = await as('viewer');
  await visitor.openApp('overview');
  const acting = visitor.page.getByRole('region', { name: 'Enforced now' });
  const row = acting.getByRole('row').filter({ hasText: 'reroute to previous-version' });
  await expect(row.first()).toBeVisible({ timeout: 60_000 });
  await row
    .first()
    .getByRole('link', { name: /women are admitted/ })
    .click();
  await expect(visitor.page.getByRole('heading', { level: 1, name: 'equal-admission' })).toBeVisible();
  const condition = visitor.page.getByRole('region', { name: 'Why' });
  await expect(condition).toContainText('upper.women');
  await expect(visitor.page.getByRole('region', { name: 'What was done' })).toContainText('1 of 1');
});

test('a verdict is judged by an editor, on record under the name of the user', async ({ as }) => {
  const editor = await as('editor');
  const id = await verdictOf(editor, 'slow-model');
  await editor.openApp(`verdicts/${id}`);
  const reason = `checked with the provider ${Date.now()}`;
  await editor.page.getByLabel('Your reason').fill(reason);
  await editor.page.getByRole('button', { name: 'It is right' }).click();
  await expect(editor.page.getByText(`grafana:editor called it right: ${reason}`)).toBeVisible();
});

test('search and state of verdicts stand in the address', async ({ as }) => {
  const visitor = await as('viewer');
  await verdictOf(visitor, 'failing-model');
  await visitor.openApp('verdicts');
  await visitor.page.getByLabel('Search').fill('failing');
  await expect(visitor.page.getByRole('link', { name: 'failing-model' }).first()).toBeVisible();
  await expect(visitor.page.getByRole('link', { name: 'slow-model' })).toHaveCount(0);
  const address = visitor.page.url();
  await visitor.page.goto(address);
  await expect(visitor.page.getByLabel('Search')).toHaveValue('failing');
  await expect(visitor.page.getByRole('link', { name: 'failing-model' }).first()).toBeVisible();
});

test('times are those of the zone that the user prefers', async ({ as }) => {
  const visitor = await as('viewer');
  const id = await verdictOf(visitor, 'slow-model');
  await visitor.api('PUT', '/api/user/preferences', { timezone: 'Asia/Tokyo' });
  try {
    await visitor.openApp(`verdicts/${id}`);
    const time = visitor.page.locator('time').first();
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    await time.hover();
    const tokyo = new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await expect(visitor.page.getByRole('tooltip')).toHaveText(tokyo);
  } finally {
    await visitor.api('PUT', '/api/user/preferences', { timezone: '' });
  }
});
