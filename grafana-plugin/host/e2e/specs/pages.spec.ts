import { menuPages, verdictOf } from '../app-pages';
import { APP, expect, test, type Visitor } from '../fixtures';

const PAGES: ReadonlyArray<{ name: string; open: (visitor: Visitor) => Promise<string> }> = [
  ...menuPages().map(({ name, path }) => ({ name, open: async () => `/a/${APP}/${path}` })),
  { name: 'Guard-rail, windowed', open: async () => `/a/${APP}/guardrails/slow-model` },
  { name: 'Guard-rail, inline', open: async () => `/a/${APP}/guardrails/redact-personal-data` },
  { name: 'Guard-rail, new', open: async () => `/a/${APP}/guardrails/new` },
  { name: 'Guard-rail, not there', open: async () => `/a/${APP}/guardrails/nobody-wrote-this` },
  { name: 'Verdict', open: async (visitor) => `/a/${APP}/verdicts/${await verdictOf(visitor, 'equal-admission')}` },
  {
    name: 'Verdict, released',
    open: async (visitor) => `/a/${APP}/verdicts/${await verdictOf(visitor, 'slow-model')}`,
  },
  { name: 'No such page', open: async () => `/a/${APP}/nothing` },
  { name: 'Configuration', open: async () => `/plugins/${APP}` },
];

for (const theme of ['dark', 'light'] as const) {
  for (const { name, open } of PAGES) {
    test(`${name}, ${theme}: no errors, nothing that axe finds`, async ({ as }) => {
      const visitor = await as('admin');
      if (name.endsWith('not there')) visitor.expectProblems(/404/);
      await visitor.open(await open(visitor), { theme });
      // What is loaded is shown, and no animation is on its way.
      await expect(visitor.page.getByText('Loading')).toHaveCount(0);
      await visitor.page.waitForTimeout(700);
      await visitor.shoot(`${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${theme}`);
      expect(await visitor.violations()).toEqual([]);
    });
  }
}

test('pages fit a narrow window: none scrolls sideways', async ({ as }) => {
  const visitor = await as('admin');
  await visitor.page.setViewportSize({ width: 800, height: 900 });
  for (const { path } of menuPages()) {
    await visitor.openApp(path);
    await visitor.page.waitForTimeout(500);
    const over = await visitor.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(over, path).toBeLessThanOrEqual(0);
  }
});
