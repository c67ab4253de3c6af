import { join } from 'node:path';
import { verdictOf } from '../app-pages';
import { expect, test } from '../fixtures';

// The pictures that the app brings along for Grafana's catalogue and the README shows, taken anew when GUARDSPAN_E2E_PICTURES names the folder
// for them.
const FOLDER = process.env.GUARDSPAN_E2E_PICTURES ?? '';

test('pictures of the app', async ({ as }) => {
  const visitor = await as('admin');
  const { page } = visitor;
  await page.setViewportSize({ width: 1180, height: 800 });
  const verdict = await verdictOf(visitor, 'equal-admission');
  for (const [name, path] of [
    ['overview', 'overview'],
    ['verdict', `verdicts/${verdict}`],
    ['guardrail', 'guardrails/slow-model?view=document'],
  ] as const) {
    await visitor.openApp(path);
    await expect(page.getByText('Loading')).toHaveCount(0);
    await page.waitForTimeout(2000);
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  }
});
