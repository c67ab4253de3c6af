import type { Page } from '@playwright/test';
import { expect, type Visitor } from './fixtures';

/** Milliseconds in which the code editor loads on a busy machine. */
export const LONG = 30_000;

/** A guard-rail of people, about calls that the demonstration makes all the time. */
export const documentOf = (name: string): string => `apiVersion: guardspan/v1alpha1
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

/** The text of the document, to type into. */
export const textOf = (page: Page) => page.getByRole('textbox', { name: /^Text of the document/ });
/** The line of the code editor with this text. */
export const lineOf = (page: Page, text: string) =>
  page.locator('.monaco-editor .view-line', { hasText: text }).first();

/** Types over a line of the code editor; its indentation stays. */
export async function retype(page: Page, line: string, text: string): Promise<void> {
  await lineOf(page, line).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
  await expect(lineOf(page, text)).toBeVisible();
}

/** Opens the dialog, says why, and saves. */
export async function save(page: Page, why: string): Promise<void> {
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill(why);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
}

/** A new guard-rail by the editor; its name. */
export async function create(editor: Visitor): Promise<string> {
  const name = `e2e-${Date.now().toString(36)}`;
  await editor.openApp(`guardrails/new?text=${encodeURIComponent(documentOf(name))}`);
  await expect(textOf(editor.page)).toBeVisible({ timeout: LONG });
  await save(editor.page, 'a first try');
  await expect(editor.page.getByRole('heading', { level: 1, name })).toBeVisible();
  return name;
}

/** Deletes a guard-rail on the list, with a reason. */
export async function remove(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor;
  await visitor.openApp(`guardrails?q=${name}`);
  await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill('the test is over');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByRole('row', { name: `${name} done` })).toBeVisible();
}
