import { expect, test } from '../fixtures';

test('a stop of enforcement is named before it is made, stands on every page at once, and a second person releases it', async ({
  as,
}) => {
  const admin = await as('admin');
  const viewer = await as('viewer');
  const other = await as('admin2');
  await viewer.openApp('verdicts');
  await admin.openApp('fleet');
  await admin.page.getByRole('button', { name: 'Stop enforcement…' }).click();
  const dialog = admin.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'A guard-rail' }).check({ force: true });
  await dialog.getByRole('combobox', { name: 'Which guard-rail' }).click();
  await admin.page.getByRole('option', { name: 'token-budget' }).click();
  await expect(dialog.getByText('One guard-rail stops acting')).toBeVisible();
  await expect(dialog.getByText('token-budget (throttle)')).toBeVisible();
  await admin.shoot('fleet-stop-dark');
  expect(await admin.violations()).toEqual([]);
  const reason = `a drill of the switch ${Date.now()}`;
  await dialog.getByLabel(/^Why/).fill(reason);
  await dialog.getByRole('button', { name: 'Stop enforcement of guard-rail token-budget' }).click();

  // Those who look at another page see it without doing anything.
  const banner = viewer.page.getByRole('alert').filter({ hasText: 'Enforcement is stopped' });
  await expect(banner).toContainText(`guard-rail token-budget: ${reason} (grafana:admin, until`);
  for (const theme of ['dark', 'light'] as const) {
    await admin.openApp('fleet', { theme });
    await expect(admin.page.getByRole('alert').filter({ hasText: reason })).toBeVisible();
    await admin.page.waitForTimeout(700);
    await admin.shoot(`fleet-stopped-${theme}`);
    expect(await admin.violations()).toEqual([]);
  }
  // Who stopped it is told that somebody else releases it.
  const own = admin.page.getByRole('row').filter({ hasText: reason }).getByRole('button', { name: 'Release…' });
  await expect(own).toBeDisabled();

  await banner.getByRole('link', { name: 'Release it in Fleet' }).click();
  await expect(viewer.page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible();
  await expect(viewer.page.getByRole('button', { name: 'Stop enforcement…' })).toBeDisabled();

  await other.openApp('fleet');
  await other.page.getByRole('row').filter({ hasText: reason }).getByRole('button', { name: 'Release…' }).click();
  await other.page.getByRole('dialog').getByLabel(/^Why/).fill('the drill is over');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Enforce again' }).click();
  await expect(other.page.getByText('Nothing is stopped: what is enforced acts.')).toBeVisible();
  await expect(viewer.page.getByText('Enforcement is stopped')).toHaveCount(0);
});

test('a version of a model leads to what guards it, and on to the guard-rail', async ({ as }) => {
  const visitor = await as('viewer');
  await visitor.openApp('models');
  await visitor.page.getByRole('button', { name: 'large-model' }).click();
  const detail = visitor.page.getByRole('region', { name: 'large-model in assistant' });
  await expect(detail.getByRole('link', { name: 'slow-model' })).toBeVisible();
  for (const theme of ['dark', 'light'] as const) {
    const address = new URL(visitor.page.url());
    address.searchParams.set('theme', theme);
    await visitor.page.goto(address.href);
    await expect(detail.getByRole('link', { name: 'slow-model' })).toBeVisible();
    await visitor.page.waitForTimeout(700);
    await visitor.shoot(`models-open-${theme}`);
    expect(await visitor.violations()).toEqual([]);
  }
  await detail.getByRole('link', { name: 'slow-model' }).click();
  await expect(visitor.page.getByRole('heading', { level: 1, name: 'slow-model' })).toBeVisible();
});
