import { verdictOf } from '../app-pages';
import { APP, expect, test, type Visitor } from '../fixtures';

// Links are clicked where the stand-in shows them for an example of what Grafana hands over.
const follow = async (visitor: Visitor, place: string, link: string) => {
  await visitor.open('/host/links');
  await visitor.page.getByRole('region', { name: place }).getByRole('link', { name: link }).click();
};

for (const [place, link] of [
  ['Menu of a panel that reads Prometheus', 'Create guard-rail from this panel'],
  ['Toolbar of Explore', 'Create guard-rail from this query'],
] as const) {
  test(`${link}: what cannot be translated is explained`, async ({ as }) => {
    const visitor = await as('admin');
    await follow(visitor, place, link);
    // The metric of the example is none of model calls.
    await expect(visitor.page.getByText('This query cannot be made into a guard-rail')).toBeVisible();
    await expect(visitor.page.getByText(/"guardspan_call_duration_seconds_bucket" does not count/)).toBeVisible();
    await expect(visitor.page.getByRole('link', { name: 'Begin with a starter' })).toBeVisible();
  });
}

for (const theme of ['dark', 'light'] as const) {
  test(`a guard-rail made of a query, ${theme}: no errors, nothing that axe finds`, async ({ as }) => {
    const visitor = await as('admin');
    const query = new URLSearchParams({
      title: 'p95 of large-model',
      expr: 'histogram_quantile(0.95, sum by (le) (rate(guardspan_model_call_duration_seconds_bucket{model="large-model", region="eu"}[5m]))) > 2',
    });
    await visitor.openApp(`guardrails/new?${query.toString()}`, { theme });
    await expect(visitor.page.getByText('Made from a query of Prometheus')).toBeVisible();
    await expect(visitor.page.getByRole('button', { name: 'Save…' })).toBeEnabled();
    await visitor.page.waitForTimeout(700);
    await visitor.shoot(`from-query-${theme}`);
    expect(await visitor.violations()).toEqual([]);
  });
}

test('a trace leads to what guard-rails did with it', async ({ as }) => {
  const visitor = await as('viewer');
  const id = await verdictOf(visitor, 'slow-model');
  await follow(visitor, 'Header of a trace', 'Show what guard-rails did');
  await expect(visitor.page.getByText('There is no decision on record')).toBeVisible();
  const { body } = await visitor.api('GET', `/api/plugin-proxy/${APP}/read/api/v1/verdicts/${id}`);
  const { exampleTraceIds } = body as { exampleTraceIds: string[] };
  await visitor.openApp(`traces/${exampleTraceIds[0]!}`);
  await expect(visitor.page.getByRole('table', { name: 'Verdicts' }).getByRole('link')).toHaveText('slow-model');
  await visitor.shoot('trace');
  expect(await visitor.violations()).toEqual([]);
});

test('an example call of a verdict opens in Explore: the data source of traces, the trace, and an hour around the verdict', async ({
  as,
}) => {
  const admin = await as('admin');
  const { front: apiUrl = '' } = admin.target;
  const settings = (jsonData: object) =>
    admin.api('POST', `/api/plugins/${APP}/settings`, { enabled: true, pinned: true, jsonData });
  const id = await verdictOf(admin, 'slow-model');
  try {
    expect((await settings({ apiUrl, tracesUid: 'tempo' })).status).toBe(200);
    await admin.openApp(`verdicts/${id}`);
    const link = admin.page.getByRole('region', { name: 'Example calls' }).getByRole('link').first();
    const traceId = await link.textContent();
    // The verdict may last longer by the time that it is asked for again: its beginning is fixed.
    const { body } = await admin.api('GET', `/api/plugin-proxy/${APP}/read/api/v1/verdicts/${id}`);
    const { exampleTraceIds, firstAt } = body as { exampleTraceIds: string[]; firstAt: number };
    expect(exampleTraceIds).toContain(traceId);
    await link.click();
    await expect(admin.page.getByText('In Grafana this address opens /explore')).toBeVisible();
    const panes = new URL(admin.page.url()).searchParams.get('panes') ?? '{}';
    const [pane] = Object.values(
      JSON.parse(panes) as Record<
        string,
        { datasource: string; queries: object[]; range: { from: string; to: string } }
      >,
    );
    expect(pane).toMatchObject({ datasource: 'tempo', queries: [{ queryType: 'traceql', query: traceId }] });
    expect(Number(pane!.range.from)).toBe(Math.floor((firstAt - 3600) * 1000));
    expect(Number(pane!.range.to)).toBeGreaterThanOrEqual((firstAt + 3600) * 1000);
  } finally {
    expect((await settings({ apiUrl })).status).toBe(200);
  }
});

test('the command palette opens the app by the keyboard', async ({ as }) => {
  const visitor = await as('viewer');
  const { page } = visitor;
  await visitor.openApp('overview');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('hold now');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Guardspan: verdicts that hold now' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Verdicts' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Hold now' })).toBeChecked();
});
