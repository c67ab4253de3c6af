import { create, lineOf, LONG, remove, retype, save } from '../editor';
import { APP, expect, test } from '../fixtures';

const READ = `/api/plugin-proxy/${APP}/read/api/v1`;

test('a change in the editor, approved by a second person, is enforced by a running process within a second, Fleet shows it, and another change of the same is refused with its difference', async ({
  as,
}) => {
  test.setTimeout(3 * LONG);
  const editor = await as('editor');
  const admin = await as('admin');
  const other = await as('admin2');
  const name = await create(editor);
  for (const one of [editor, other]) {
    await one.openApp(`guardrails/${name}?view=document`);
    await expect(lineOf(one.page, 'mode: dryrun')).toBeVisible({ timeout: LONG });
  }
  await retype(other.page, 'description:', 'description: Theirs.');
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

  // The process said when it had it, and Fleet says how long that took.
  await admin.openApp('fleet');
  const newest = admin.page.getByRole('region', { name: 'Newest change' });
  await expect(newest).toContainText(name);
  await expect(newest).toContainText(/In force in one process after 0(\.\d+)? s\./);
  await expect(admin.page.getByRole('region', { name: 'Processes up to date' })).toContainText('2 of 2');
  await admin.shoot('fleet-after-a-change-dark');

  // The other editor began from what was in force before.
  await expect(other.page.getByText('grafana:editor changed it meanwhile')).toBeVisible();
  await expect(other.page.getByRole('button', { name: 'Save…' })).toBeDisabled();
  const both = other.page.getByRole('region', { name: 'From theirs to yours' });
  await expect(both).toContainText('Theirs.');
  await expect(both).toContainText('mode: enforce');
  expect(await other.violations()).toEqual([]);
  await remove(admin, name);
});
