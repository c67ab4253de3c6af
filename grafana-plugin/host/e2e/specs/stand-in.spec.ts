import { expect, test } from '../fixtures';

test('the stand-in says that it is not Grafana, and switches users', async ({ browser, target }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${target.url}/`);
  await expect(page.getByText('not Grafana')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Configuration' })).toBeVisible();
  await page.getByLabel('User').selectOption('viewer');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Configuration' })).toHaveCount(0);
  await page.context().close();
});

for (const view of ['panels', 'links'] as const) {
  test(`the view of ${view} loads without an error`, async ({ as }) => {
    const visitor = await as('admin');
    await visitor.open(`/host/${view}`);
    const last = view === 'panels' ? 'equal-admission' : 'Guardspan: verdicts that hold now';
    await expect(visitor.page.getByRole('link', { name: last }).first()).toBeVisible();
    await visitor.page.waitForTimeout(1500);
    await visitor.shoot(`host-${view}`);
    expect(await visitor.violations()).toEqual([]);
  });
}
