import type { Page } from '@playwright/test';
import { APP, expect, test, type Visitor } from '../fixtures';

const READ = `/api/plugin-proxy/${APP}/read/api/v1`;
const LONG = 30_000;

/** A guard-rail of people, about calls that the demonstration makes all the time. */
const documentOf = (name: string): string => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name}, labels: { owner: e2e }, managedBy: ui }
spec:
  description: Calls of summaries carry a note.
  match: { services: [assistant], models: [summary-model] }
  # Every call.
  at: request
  when: "model.name == 'summary-model'"
  action: { annotate: { attributes: { e2e: seen } } }
  mode: dryrun
  tests:
    - { name: a summary, given: { model: { name: summary-model } }, expect: { action: annotate } }
`;

const textOf = (page: Page) => page.getByRole('textbox', { name: /^Text of the document/ });
const lineOf = (page: Page, text: string) => page.locator('.monaco-editor .view-line', { hasText: text }).first();

/** Types over a line of the code editor; its indentation stays. */
async function retype(page: Page, line: string, text: string): Promise<void> {
  await lineOf(page, line).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
  await expect(lineOf(page, text)).toBeVisible();
}

/** Opens the dialog, says why, and saves. */
async function save(page: Page, why: string): Promise<void> {
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill(why);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
}

/** A new guard-rail by the editor; its name. */
async function create(editor: Visitor): Promise<string> {
  const name = `e2e-${Date.now().toString(36)}`;
  await editor.openApp(`guardrails/new?text=${encodeURIComponent(documentOf(name))}`);
  await expect(textOf(editor.page)).toBeVisible({ timeout: LONG });
  await save(editor.page, 'a first try');
  await expect(editor.page.getByRole('heading', { level: 1, name })).toBeVisible();
  return name;
}

/** Deletes a guard-rail on the list, with a reason. */
async function remove(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor;
  await visitor.openApp(`guardrails?q=${name}`);
  await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill('the test is over');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByRole('row', { name: `${name} done` })).toBeVisible();
}

test('a change in the editor, approved by a second person, is enforced by a running process within a second', async ({
  as,
}) => {
  test.setTimeout(2 * LONG);
  const editor = await as('editor');
  const admin = await as('admin');
  const name = await create(editor);
  await editor.openApp(`guardrails/${name}?view=document`);
  await expect(lineOf(editor.page, 'mode: dryrun')).toBeVisible({ timeout: LONG });
  await retype(editor.page, 'mode: dryrun', 'mode: enforce');
  await save(editor.page, 'ready to act');
  await expect(editor.page.getByText('It waits for a second person')).toBeVisible();
  await expect(editor.page.getByText('You wrote this change. Somebody else has to approve it.')).toBeVisible();
  await editor.shoot('guard-rail-waits-dark');
  expect(await editor.violations()).toEqual([]);

  await admin.openApp(`guardrails/${name}`);
  await expect(admin.page.getByText('grafana:editor wants to change it')).toBeVisible();
  await admin.shoot('guard-rail-approve-dark');
  await admin.page.getByRole('button', { name: 'Approve' }).click();
  await expect(admin.page.getByText('wants to change it')).toHaveCount(0);

  const { body } = await admin.api('GET', `${READ}/guardrails/${name}`);
  const approved = body as { at: number; author: string; approver: string; why: string };
  expect(approved).toMatchObject({ author: 'grafana:editor', approver: 'grafana:admin', why: 'ready to act' });
  type Decision = { at: number; body: { verdicts: Array<{ guardrail: string; disposition: string }> } };
  const enforced = async (): Promise<number> => {
    const answer = await admin.api('GET', `${READ}/audit?kind=decision&guardrail=${name}&limit=1000`);
    const { items } = answer.body as { items: Decision[] };
    const first = items.find(({ body: { verdicts } }) =>
      verdicts.some(({ guardrail, disposition }) => guardrail === name && disposition === 'enforced'),
    );
    return first === undefined ? Infinity : first.at - approved.at;
  };
  await expect.poll(enforced).toBeLessThan(1);
  await remove(admin, name);
});

test('a save of what somebody else changed meanwhile is refused, and both changes are shown', async ({ as }) => {
  test.setTimeout(2 * LONG);
  const editor = await as('editor');
  const other = await as('admin2');
  const name = await create(editor);
  await editor.openApp(`guardrails/${name}?view=document`);
  await other.openApp(`guardrails/${name}?view=document`);
  for (const { page } of [editor, other]) await expect(lineOf(page, 'description:')).toBeVisible({ timeout: LONG });
  await retype(other.page, 'description:', 'description: Theirs.');
  await retype(editor.page, 'description:', 'description: Mine.');
  await save(other.page, 'theirs is shorter');
  await expect(other.page.getByText('It is in force')).toBeVisible();

  // What is in force is known at once by the event stream: a save of something else is not even offered.
  await expect(editor.page.getByText('grafana:admin2 changed it meanwhile')).toBeVisible();
  await expect(editor.page.getByRole('button', { name: 'Save…' })).toBeDisabled();
  const both = editor.page.getByRole('region', { name: 'From theirs to yours' });
  await expect(both).toContainText('Theirs.');
  await expect(both).toContainText('Mine.');
  await editor.shoot('guard-rail-conflict-dark');
  expect(await editor.violations()).toEqual([]);

  await editor.page.getByRole('button', { name: 'Edit on' }).click();
  await save(editor.page, 'mine is better');
  await expect(editor.page.getByText('It is in force')).toBeVisible();
  await remove(other, name);
});

test('an edit survives a fault of the evaluator and a reload', async ({ as, fault, target }) => {
  test.skip(target.front === undefined, 'needs GUARDSPAN_E2E_FRONT, a front before the evaluator');
  test.setTimeout(2 * LONG);
  const editor = await as('editor');
  editor.expectProblems(/plugin-proxy|Failed to load resource/);
  const name = await create(editor);
  await editor.openApp(`guardrails/${name}?view=document`);
  await expect(lineOf(editor.page, 'description:')).toBeVisible({ timeout: LONG });
  await retype(editor.page, 'description:', 'description: Typed with care.');
  await fault({ fault: 'fail', status: 500, method: 'PUT' });
  await save(editor.page, 'it is clearer');
  await expect(editor.page.getByRole('dialog').getByText('Something failed')).toBeVisible();
  await editor.page.reload();
  await expect(editor.page.getByText(/Your edit of .* is back/)).toBeVisible({ timeout: LONG });
  await fault({ fault: 'pass' });
  await save(editor.page, 'it is clearer');
  await expect(editor.page.getByText('It is in force')).toBeVisible();
  await remove(editor, name);
});

test('the editor is left, and a problem is mended, with the keyboard alone', async ({ as }) => {
  const editor = await as('editor');
  await editor.openApp(
    `guardrails/new?text=${encodeURIComponent(documentOf('by-keyboard').replace('dryrun', 'bogus'))}`,
  );
  const { page } = editor;
  await expect(page.getByText('One problem')).toBeVisible({ timeout: LONG });
  await expect(page.getByText(/Line \d+, column \d+ \(spec\.mode\)/)).toBeVisible();
  await textOf(page).focus();
  await page.keyboard.press('Control+Home');
  for (let line = 0; line < 10; line += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (let letter = 0; letter < 'bogus'.length; letter += 1) await page.keyboard.press('Backspace');
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget').getByText('dryrun', { exact: true })).toBeVisible();
  await page.keyboard.type('dry');
  await page.keyboard.press('Enter');
  await expect(page.getByText('One problem')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('tab', { name: 'Changes' })).toBeFocused();
});

test('the form is free of what axe finds, in both themes', async ({ as }) => {
  const admin = await as('admin');
  for (const theme of ['dark', 'light'] as const) {
    await admin.openApp('guardrails/slow-model?view=document', { theme });
    await expect(lineOf(admin.page, 'mode:')).toBeVisible({ timeout: LONG });
    await admin.shoot(`guard-rail-document-${theme}`);
    expect(await admin.violations()).toEqual([]);
    await admin.page.getByRole('radio', { name: 'Form' }).check({ force: true });
    await expect(admin.page.getByLabel('Description')).toBeVisible();
    await admin.shoot(`guard-rail-form-${theme}`);
    expect(await admin.violations()).toEqual([]);
    await admin.openApp('guardrails/slow-model?view=history', { theme });
    await admin.page.getByRole('button', { name: 'Compare' }).first().click();
    await admin.shoot(`guard-rail-history-${theme}`);
    expect(await admin.violations()).toEqual([]);
  }
});
