import { verdictOf } from '../app-pages';
import { APP, expect, test } from '../fixtures';
import { appToken, targets } from '../settings';

const PROXY_ERRORS = /plugin-proxy|Failed to load resource/;
const SETTINGS = `/api/plugins/${APP}/settings`;

test.skip(({ target }) => target.front === undefined, 'needs GUARDSPAN_E2E_FRONT, a front before the evaluator');

for (const [what, behaviour, title] of [
  ['down', { fault: 'down' }, 'The evaluator cannot be reached'],
  ['failing (500)', { fault: 'fail', status: 500 }, 'Something failed'],
  ['busy (503)', { fault: 'fail', status: 503 }, 'The evaluator is busy'],
  ['refusing the role (403)', { fault: 'fail', status: 403 }, 'The evaluator does not allow this'],
  ['refusing the token (401)', { fault: 'fail', status: 401 }, 'The evaluator does not know the token'],
] as const) {
  test(`an evaluator that is ${what} has a state of its own, and the page comes back by itself`, async ({
    as,
    fault,
  }) => {
    const visitor = await as('admin');
    visitor.expectProblems(PROXY_ERRORS);
    await fault(behaviour);
    await visitor.openApp('guardrails');
    await expect(visitor.page.getByRole('alert').filter({ hasText: title }).first()).toBeVisible({ timeout: 20_000 });
    expect(await visitor.violations()).toEqual([]);
    await visitor.shoot(`fault-${what.replace(/[^a-z]+/g, '-')}`);
    await fault({ fault: 'pass' });
    await expect(visitor.page.getByRole('link', { name: 'slow-model' }).first()).toBeVisible({ timeout: 40_000 });
  });
}

test('an evaluator that is slow is waited for, and people are told', async ({ as, fault }) => {
  const visitor = await as('viewer');
  visitor.expectProblems(PROXY_ERRORS);
  await fault({ fault: 'slow' });
  await visitor.openApp('guardrails');
  await expect(visitor.page.getByText('The evaluator has not answered yet').first()).toBeVisible();
  await visitor.shoot('fault-slow');
  expect(await visitor.violations()).toEqual([]);
  await expect(visitor.page.getByRole('link', { name: 'slow-model' }).first()).toBeVisible();
  await expect(visitor.page.getByText('has not answered yet')).toHaveCount(0);
});

test('what is known stays when the evaluator goes, with its time', async ({ as, fault }) => {
  const visitor = await as('viewer');
  visitor.expectProblems(PROXY_ERRORS);
  await visitor.openApp('guardrails');
  await expect(visitor.page.getByRole('link', { name: 'slow-model' }).first()).toBeVisible();
  await fault({ fault: 'down' });
  await expect(visitor.page.getByText(/This was known at \d\d:\d\d:\d\d/).first()).toBeVisible({ timeout: 40_000 });
  await expect(visitor.page.getByRole('link', { name: 'slow-model' }).first()).toBeVisible();
});

test('a stream that is cut is opened again', async ({ as, fault }) => {
  const visitor = await as('viewer');
  visitor.expectProblems(PROXY_ERRORS);
  await visitor.openApp('verdicts');
  await expect(visitor.page.getByText('Live', { exact: true })).toBeVisible();
  await fault({ fault: 'drop' });
  await expect(visitor.page.getByText('Every 5 s')).toBeVisible({ timeout: 20_000 });
  await fault({ fault: 'pass' });
  await expect(visitor.page.getByText('Live', { exact: true })).toBeVisible({ timeout: 40_000 });
});

test('behind a proxy that buffers the page asks every five seconds, and shows what is new', async ({ as, fault }) => {
  const visitor = await as('editor');
  const id = await verdictOf(visitor, 'token-budget');
  visitor.expectProblems(PROXY_ERRORS);
  await fault({ fault: 'hold' });
  await visitor.openApp(`verdicts/${id}`);
  await expect(visitor.page.getByText('Every 5 s')).toBeVisible({ timeout: 20_000 });
  const reason = `said elsewhere ${Date.now()}`;
  const path = `/api/plugin-proxy/${APP}/write/api/v1/feedback`;
  expect((await visitor.api('POST', path, { verdictId: id, judgement: 'false_alarm', reason })).status).toBeLessThan(
    300,
  );
  await expect(visitor.page.getByText(reason)).toBeVisible();
});

test('what was typed stays when the evaluator refuses (409) or fails', async ({ as, fault }) => {
  const visitor = await as('editor');
  const id = await verdictOf(visitor, 'token-budget');
  visitor.expectProblems(PROXY_ERRORS);
  await visitor.openApp(`verdicts/${id}`);
  const reason = visitor.page.getByLabel('Your reason');
  await reason.fill('typed with care');
  for (const [status, title] of [
    [409, 'It cannot be done as things are'],
    [500, 'Something failed'],
  ] as const) {
    await fault({ fault: 'fail', status, method: 'POST' });
    await visitor.page.getByRole('button', { name: 'False alarm' }).click();
    await expect(visitor.page.getByRole('alert').filter({ hasText: title })).toBeVisible();
    await expect(reason).toHaveValue('typed with care');
  }
});

test('the Configuration names what is wrong, and mends it', async ({ as }) => {
  const visitor = await as('admin');
  visitor.expectProblems(PROXY_ERRORS);
  const front = targets().find(({ name }) => name === visitor.target.name)?.front ?? '';
  const settings = (apiUrl: string, apiToken: string) =>
    visitor.api('POST', SETTINGS, { enabled: true, pinned: true, jsonData: { apiUrl }, secureJsonData: { apiToken } });
  try {
    await settings(front, 'a token that nobody knows');
    await visitor.open(`/plugins/${APP}`);
    await visitor.page.getByRole('button', { name: 'Test what is saved' }).click();
    await expect(visitor.page.getByText('The evaluator does not know the token')).toBeVisible();
    await visitor.page.getByRole('button', { name: 'Reset' }).click();
    await visitor.page.getByRole('textbox', { name: 'Token' }).fill(appToken());
    await visitor.page.getByRole('button', { name: 'Save and test' }).click();
    await expect(visitor.page.getByText(/Connected to evaluator 0\.1/)).toBeVisible();
    expect(visitor.page.url()).not.toContain(appToken());
  } finally {
    expect((await settings(front, appToken())).status).toBe(200);
  }
});

test('without a configuration the app says what an administrator does', async ({ as }) => {
  const admin = await as('admin');
  const { front = '' } = admin.target;
  try {
    await admin.api('POST', SETTINGS, { enabled: true, pinned: true, jsonData: {} });
    const viewer = await as('viewer');
    await viewer.openApp('overview');
    await expect(viewer.page.getByText('No evaluator is configured')).toBeVisible();
    expect(await viewer.violations()).toEqual([]);
  } finally {
    await admin.api('POST', SETTINGS, { enabled: true, pinned: true, jsonData: { apiUrl: front } });
  }
});
