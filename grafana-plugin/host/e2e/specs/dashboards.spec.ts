import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '../fixtures';
import { hasData, knowsEvaluator, type PanelQueries } from '../prometheus';

// The dashboards as they are committed, on a Prometheus that scrapes the demonstration's evaluator.
interface Panel extends PanelQueries {
  id: number;
  title: string;
  type: string;
  fieldConfig?: { defaults: { noValue?: string } };
}
interface Dashboard {
  uid: string;
  panels: Panel[];
}

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'dashboards', 'json');
const DASHBOARDS = readdirSync(FOLDER).map((file) => ({
  name: basename(file, '.json'),
  dashboard: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Dashboard,
}));
/** It is violated at the end of the scenario. */
const GUARDRAIL = 'equal-admission';
const SECONDS = 300;

const THEMES = process.env.GUARDSPAN_E2E_CORE === 'true' ? (['dark'] as const) : (['dark', 'light'] as const);

for (const theme of THEMES) {
  for (const { name, dashboard } of DASHBOARDS) {
    test(`${name}, ${theme}: every panel is drawn, with data where there is some`, async ({ as, target }) => {
      test.setTimeout(120_000);
      const { prometheus } = target;
      if (prometheus === undefined) throw new Error('the runner started no Prometheus');
      const visitor = await as('viewer');
      const { page } = visitor;
      // Grids draw what can be seen: room for the tallest, since a picture of more resizes the window, and panels begin anew.
      await page.setViewportSize({ width: 1360, height: 4400 });
      await expect.poll(() => knowsEvaluator(prometheus), { timeout: 60_000 }).toBe(true);
      // A range that stands still: guard-rails come and go while this looks.
      const until = Math.floor(Date.now() / 1000) - 2;
      const range = `from=${(until - SECONDS) * 1000}&to=${until * 1000}`;
      await visitor.open(`/d/${dashboard.uid}?${range}&var-guardrail=${GUARDRAIL}`, { theme });
      const panels = dashboard.panels.filter(({ type }) => type !== 'row');
      const drawn = page.locator('[data-viz-panel-key]');
      await expect(drawn).toHaveCount(panels.length);
      // Forty queries at once, of a Prometheus that shares a busy machine.
      await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: 60_000 });
      await page.waitForTimeout(1000);
      await visitor.shoot(`dashboard-${name}-${theme}`);

      await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
      await expect(page.getByRole('alert')).toHaveCount(0);
      let withData = 0;
      for (const panel of panels) {
        const place = page.locator(`[data-viz-panel-key="panel-${panel.id}"]`);
        await expect(place.getByRole('heading', { name: panel.title, exact: true }), panel.title).toBeVisible();
        if (panel.type === 'text') continue;
        const said = panel.fieldConfig?.defaults.noValue ?? 'No data';
        const there = await hasData(prometheus, panel, GUARDRAIL, { seconds: SECONDS, until });
        await expect(place.getByText(said, { exact: true }), `${panel.title}: ${said}`).toHaveCount(there ? 0 : 1);
        if (!there) continue;
        withData++;
        const shape = panel.type === 'table' ? '[role="row"], tbody tr' : panel.type === 'stat' ? 'span' : 'canvas';
        await expect(place.locator(shape).first(), `${panel.title} shows something`).toBeVisible();
      }
      expect(withData, 'panels with data').toBeGreaterThan(panels.length / 2);
    });
  }
}

test('variables are read out of Prometheus and narrow what is shown, and links lead on with them', async ({ as }) => {
  const visitor = await as('viewer');
  const { page } = visitor;
  await visitor.open(`/d/guardspan-overview?from=now-5m&to=now&var-owner=privacy`);
  const inForce = page.locator('[data-viz-panel-key="panel-16"]');
  await inForce.scrollIntoViewIfNeeded();
  await expect(inForce.getByText('redact-personal-data')).toBeVisible();
  await expect(inForce.getByText(GUARDRAIL)).toHaveCount(0);
  await inForce.getByText('redact-personal-data').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Guardspan / Guard-rail' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('var-guardrail')).toBe('redact-personal-data');
  await page.getByRole('button', { name: 'Guardspan dashboards' }).click();
  await page.getByRole('menuitem', { name: 'Guardspan / Fleet and coverage' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Guardspan / Fleet and coverage' })).toBeVisible();
  const parameters = new URL(page.url()).searchParams;
  const moment = (name: string): number => {
    const text = parameters.get(name) ?? '';
    return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  };
  expect(moment('to') - moment('from')).toBe(300_000);
});

test('one panel fills the page when the address asks for it', async ({ as }) => {
  const visitor = await as('viewer');
  await visitor.open(`/d/guardspan-guardrail?var-guardrail=${GUARDRAIL}&viewPanel=1&from=now-5m&to=now`);
  await expect(visitor.page.locator('[data-viz-panel-key]')).toHaveCount(1);
  await expect(visitor.page.getByText('admissions-office').first()).toBeVisible();
});
