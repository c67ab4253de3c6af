import { menuPages, verdictOf } from '../app-pages';
import { expect, test } from '../fixtures';
import type { Login } from '../settings';

const PROXY = '/api/plugin-proxy/guardspan-guardrails-app';

for (const login of ['viewer', 'editor', 'admin'] satisfies Login[]) {
  test(`each page opens for ${login} without an error`, async ({ as }) => {
    const visitor = await as(login);
    for (const { name, path } of menuPages()) {
      const heading = await visitor.openApp(path);
      await expect(heading, name).toHaveText(name);
      await expect(visitor.page.getByText('Loading')).toHaveCount(0);
    }
  });
}

test('who has no role of the app is told which permission is missing', async ({ as }) => {
  const visitor = await as('outsider');
  visitor.expectProblems(/403/);
  await visitor.page.goto(`${visitor.target.url}/a/guardspan-guardrails-app/guardrails/slow-model`);
  await expect(
    visitor.page.getByText(/guardspan-guardrails-app\.guardrails:read|Access denied|do not have permission/).first(),
  ).toBeVisible();
  await expect(visitor.page.getByText('p80 > 1.0')).toHaveCount(0);
  expect((await visitor.api('GET', `${PROXY}/read/api/v1/guardrails`)).status).toBe(403);
});

test('a viewer sees controls disabled, with the permission that is missing', async ({ as }) => {
  const viewer = await as('viewer');
  const id = await verdictOf(viewer, 'slow-model');
  await viewer.openApp(`verdicts/${id}`);
  const button = viewer.page.getByRole('button', { name: 'It is right' });
  await expect(button).toBeDisabled();
  // Records arrive after the page and push the buttons down, away from the pointer.
  await expect(viewer.page.getByRole('table', { name: 'Records' }).getByRole('row').nth(1)).toBeVisible();
  await button.hover({ force: true });
  await expect(viewer.page.getByRole('tooltip')).toContainText('guardspan-guardrails-app.guardrails:write');
});

test('only an administrator changes the configuration, and no answer holds the token', async ({ as }) => {
  const editor = await as('editor');
  const path = '/api/plugins/guardspan-guardrails-app/settings';
  expect((await editor.api('POST', path, { enabled: true, jsonData: {} })).status).toBe(403);
  const admin = await as('admin');
  const { body } = await admin.api('GET', path);
  expect(body).toMatchObject({ secureJsonFields: { apiToken: true } });
  expect(JSON.stringify(body)).not.toContain('secureJsonData');
});

test('routes give no more than the permission of the user, whatever the browser sends', async ({ as }) => {
  const viewer = await as('viewer');
  expect((await viewer.api('POST', `${PROXY}/write/api/v1/feedback`, {})).status).toBe(403);
  expect((await viewer.api('POST', `${PROXY}/read/api/v1/feedback`, {})).status).toBe(404);
  const editor = await as('editor');
  expect((await editor.api('POST', `${PROXY}/approve/api/v1/kill`, {})).status).toBe(403);
  // The route for editors names the role of an editor to the evaluator, which refuses on its own.
  const id = await verdictOf(editor, 'equal-admission');
  const release = await editor.api('POST', `${PROXY}/write/api/v1/verdicts/${id}/release`, { reason: 'test' });
  expect(release.status).toBe(403);
  expect(release.body).toMatchObject({ code: expect.stringMatching(/^GUARDSPAN_/) });
});
