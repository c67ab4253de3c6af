import { menuPages, verdictOf } from '../app-pages';
import { APP, expect, test } from '../fixtures';

test('below a sub-path every page opens, and every link stays below it', async ({ as }) => {
  const visitor = await as('admin');
  const prefix = new URL(visitor.target.url).pathname;
  const paths = [
    ...menuPages().map(({ path }) => `/a/${APP}/${path}`),
    `/a/${APP}/guardrails/slow-model`,
    `/a/${APP}/verdicts/${await verdictOf(visitor, 'slow-model')}`,
    `/plugins/${APP}`,
  ];
  for (const path of paths) {
    await visitor.open(path);
    await expect(visitor.page.getByText('Loading')).toHaveCount(0);
    const hrefs = await visitor.page
      .locator('main a[href]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(
      hrefs.filter((href) => href.startsWith('/') && !href.startsWith(`${prefix}/`)),
      path,
    ).toEqual([]);
  }
});

test('below a sub-path links and the back button work without a page load', async ({ as }) => {
  const visitor = await as('viewer');
  await verdictOf(visitor, 'slow-model');
  await visitor.openApp('verdicts');
  await visitor.page.evaluate(() => void Object.assign(window, { sameDocument: true }));
  await visitor.page.getByRole('link', { name: 'slow-model' }).first().click();
  await expect(visitor.page.getByRole('heading', { level: 1, name: 'slow-model' })).toBeVisible();
  expect(new URL(visitor.page.url()).pathname).toContain(`${new URL(visitor.target.url).pathname}/a/${APP}/verdicts/`);
  await visitor.page.goBack();
  await expect(visitor.page.getByRole('heading', { level: 1, name: 'Verdicts' })).toBeVisible();
  expect(await visitor.page.evaluate(() => 'sameDocument' in window)).toBe(true);
});
