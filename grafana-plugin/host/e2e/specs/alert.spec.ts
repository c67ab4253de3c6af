import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test, type Visitor } from '../fixtures';
import { tracesOf } from '../prometheus';

// From an alert as Alertmanager shows it to the answer of each question of an engineer on call, in two clicks at most. Pictures go to
// docs/images/on-call when GUARDSPAN_E2E_PICTURES names docs/images.
const GUARDRAIL = 'equal-admission';
const FOLDER = process.env.GUARDSPAN_E2E_PICTURES ?? 'test-results';

/** The alert is first told a minute into the demonstration. */
const ALERT_LIMIT = 150_000;
const HOUR = 3_600_000;
/** An alert is there before two scrapes of what was done: the dashboard, which reads again every thirty seconds, shows it then. */
const REREAD = 60_000;

/** Opens the alert in Alertmanager, with all that it says. */
async function openAlert({ page, target }: Visitor): Promise<Locator> {
  const filter = encodeURIComponent(`{alertname="GuardspanGuardrailFiring",guardrail="${GUARDRAIL}"}`);
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(`${target.alertmanager}/api/v2/alerts?filter=guardrail=${GUARDRAIL}`);
        return ((await answer.json()) as unknown[]).length;
      },
      { timeout: ALERT_LIMIT },
    )
    .toBe(1);
  await page.goto(`${target.alertmanager}/#/alerts?filter=${filter}`);
  await page.getByRole('button', { name: 'Info' }).click();
  await expect(page.getByText('kill_command')).toBeVisible();
  return page.locator('body');
}

/** A click on a link of the alert, without the tab that Alertmanager may open for it. */
async function follow(page: Page, annotation: string): Promise<void> {
  const link = page.getByRole('row', { name: `${annotation}:` }).getByRole('link');
  await page.goto((await link.getAttribute('href', { timeout: 15_000 }))!);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** One side of Explore, as a link asks for it. */
interface Pane {
  datasource: string;
  queries: Array<{ query: string; queryType: string; datasource?: { uid: string; type: string } }>;
  range: { from: string; to: string };
}

/** What the address of Explore asks for, which the stand-in shows in the place of the traces. */
async function exploreOf(page: Page): Promise<Pane> {
  await expect(page.getByText('/explore')).toBeVisible();
  const said = await page.getByLabel('Parameters').innerText();
  const panes = JSON.parse(/^panes: (\{[\s\S]*?\n\})/m.exec(said)![1]!) as Record<string, Pane>;
  expect(Object.keys(panes)).toHaveLength(1);
  return Object.values(panes)[0]!;
}

const picture = (place: Locator, name: string): Promise<Buffer> =>
  place.screenshot({ path: join(FOLDER, 'on-call', `${name}.png`), animations: 'disabled' });

test('ten questions of an engineer on call are answered in two clicks from the alert', async ({ as, target }) => {
  test.setTimeout(ALERT_LIMIT + 180_000);
  const visitor = await as('viewer');
  const { page } = visitor;
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1180, height: 1150 });
  const panel = (id: number): Locator => page.locator(`[data-viz-panel-key="panel-${id}"]`);

  const alert = await openAlert(visitor);
  // 0 clicks: what the alert itself says.
  for (const text of ['admissions-office', 'mode enforce, action reroute', 'model_version=2']) {
    await expect(alert.getByText(text).first()).toBeVisible();
  }
  await expect(alert.getByText('/api/v1/kill').first(), 'how do I stop it').toBeVisible();
  const revision = /revision ([0-9a-f]{64})/.exec(await alert.innerText())?.[1] ?? '';
  await page.screenshot({
    path: join(FOLDER, 'on-call', '00-alert.png'),
    clip: { x: 80, y: 400, width: 1060, height: 700 },
  });

  // 1 click.
  await follow(page, 'dashboard_url');
  await page.setViewportSize({ width: 1720, height: 3400 });
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: 60_000 });
  await expect(panel(2).getByText('admissions', { exact: true }).first(), 'which model').toBeVisible({
    timeout: REREAD,
  });
  await expect(
    panel(2)
      .getByText(/seconds|minute|hour/)
      .first(),
    'since when',
  ).toBeVisible();
  await picture(panel(2), '01-which-model-since-when');
  await expect(panel(10).getByText('reroute').first(), 'what was done').toBeVisible({ timeout: REREAD });
  await picture(panel(10), '02-what-was-done');
  await expect(panel(4), 'to how many calls').toContainText(/[1-9]/, { timeout: REREAD });
  await picture(panel(4), '03-to-how-many-calls');
  // Charts over an hour have a point every nine seconds.
  await expect(panel(3).getByText('violated'), 'is it still going on').toBeVisible({ timeout: REREAD });
  await picture(panel(3), '04-is-it-still-going-on');
  await expect(panel(1).getByText('admissions-office'), 'whose guard-rail').toBeVisible();
  await expect(panel(1).getByText(revision.slice(0, 12)), 'which revision').toBeVisible();
  await picture(panel(1), '05-whose-and-which-revision');
  await expect(panel(17).getByText('no false-alarm promise'), 'can I trust it').toBeVisible();
  await expect(panel(18).getByText('can act').first()).toBeVisible();
  await picture(panel(14), '06-can-i-trust-it');
  await expect(panel(24).getByText(`"guardrail":"${GUARDRAIL}"`), 'how do I stop it').toBeVisible();
  await picture(panel(24), '07-how-do-i-stop-it');
  await expect
    .poll(() => tracesOf(target.prometheus!, GUARDRAIL), { message: 'traces that Prometheus has', timeout: REREAD })
    .toBeGreaterThan(0);
  const trace = panel(11).getByRole('link', { name: /^Trace [0-9a-f]{32}$/ });
  await expect(trace.first()).toBeVisible({ timeout: REREAD });
  await picture(panel(11), '08-show-me-a-trace');

  // 2 clicks: the trace; the stand-in names it, Grafana shows its spans.
  const id = (await trace.last().getAttribute('aria-label'))!.slice('Trace '.length);
  await trace.last().click();
  const byTrace = await exploreOf(page);
  expect(byTrace).toMatchObject({ datasource: 'tempo', queries: [{ queryType: 'traceql', query: id }] });
  expect(Number(byTrace.range.to) - Number(byTrace.range.from), 'the hour that the dashboard shows').toBeGreaterThan(
    HOUR,
  );

  // The other links of the alert lead to where they say.
  await openAlert(visitor);
  await follow(page, 'app_url');
  await expect(page.getByRole('heading', { level: 1, name: 'Verdicts' })).toBeVisible();
  await page.setViewportSize({ width: 1180, height: 900 });
  await page
    .getByRole('link', { name: new RegExp(GUARDRAIL) })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(GUARDRAIL);
  await expect(page.getByText('Loading')).toHaveCount(0);
  await picture(page.locator('main, #reactRoot').first(), '09-its-verdict');
  await openAlert(visitor);
  await follow(page, 'panel_url');
  await expect(page.locator('[data-viz-panel-key]')).toHaveCount(1);
  await openAlert(visitor);
  await follow(page, 'traces_url');
  const search = await exploreOf(page);
  expect(search).toMatchObject({ datasource: 'tempo', queries: [{ queryType: 'traceql' }], range: { to: 'now' } });
  expect(search.queries[0]!.query).toBe(`{ span.guardspan.verdict.guardrails = "${GUARDRAIL}" }`);
  expect(Number(search.range.from), 'from an hour before the alert began').toBeLessThan(Date.now() - HOUR);
});
