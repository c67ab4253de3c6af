import { create, documentOf, lineOf, LONG, remove, retype, save, textOf } from '../editor';
import { expect, test } from '../fixtures';

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

test('the form of a rewrite is free of what axe finds, in both themes', async ({ as }) => {
  const editor = await as('editor');
  const written = documentOf('a-note')
    .replace('annotate: { attributes: { e2e: seen } }', "rewrite: { with: '{text} This is no advice.' }")
    .replace('{ name: summary-model } }', '{ name: summary-model }, prompt: { text: Sell. } }')
    .replace('action: annotate }', 'action: rewrite, text: Sell. This is no advice. }');
  for (const theme of ['dark', 'light'] as const) {
    await editor.openApp(`guardrails/new?text=${encodeURIComponent(written)}`, { theme });
    await expect(lineOf(editor.page, 'mode:')).toBeVisible({ timeout: LONG });
    await editor.page.getByRole('radio', { name: 'Form' }).check({ force: true });
    await expect(editor.page.getByLabel('Description')).toBeVisible();
    await expect(editor.page.getByText('One problem')).toHaveCount(0);
    await expect(editor.page.getByLabel(/^New text/)).toHaveValue('{text} This is no advice.');
    await expect(editor.page.getByRole('tab', { name: /^Tests/ })).not.toContainText('failed');
    await editor.shoot(`guard-rail-rewrite-${theme}`);
    expect(await editor.violations()).toEqual([]);
  }
});
