import { test as base, expect, type Locator, type Page, type Request } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { authorization, targets, type Login, type Target } from './settings';

export const APP = 'guardspan-guardrails-app';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ICON = /\/icons\/.*\.svg/;
const SHOTS = process.env.GUARDSPAN_E2E_SHOTS ?? join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots');

type Behaviour = { fault: 'pass' | 'down' | 'fail' | 'drop' | 'hold' | 'slow'; status?: number; method?: string };

/** A user in front of the app. */
export class Visitor {
  /** Errors of console and page, and answers with an error, that nobody expected. */
  readonly problems: string[] = [];
  #expected: RegExp | undefined;
  /** Icons that are on their way. */
  readonly #icons = new Set<Request>();

  constructor(
    readonly page: Page,
    readonly target: Target,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.#note(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.#note(`page: ${error.stack ?? error.message}`));
    // Grafana fetches each icon by itself, and a picture without them tells nothing about them.
    page.on('request', (request) => ICON.test(request.url()) && this.#icons.add(request));
    page.on('requestfinished', (request) => this.#icons.delete(request));
    page.on('requestfailed', (request) => this.#icons.delete(request));
    page.on('response', (response) => {
      if (response.status() >= 400) this.#note(`answer ${response.status()}: ${response.url()}`);
    });
  }

  /** Problems that a test brings about itself are none. */
  expectProblems(pattern: RegExp): void {
    this.#expected = pattern;
  }

  /** Opens a path of Grafana, `/a/...`, and waits for the page's heading. */
  async open(path: string, options: { theme?: 'dark' | 'light' } = {}): Promise<Locator> {
    const url = new URL(`${this.target.url}${path}`);
    if (options.theme !== undefined) url.searchParams.set('theme', options.theme);
    await this.page.goto(url.href);
    const heading = this.page.getByRole('heading', { level: 1 });
    await expect(heading).toBeVisible();
    return heading;
  }

  /** Opens a page of the app, below `/a/<id>/`. */
  openApp(path: string, options: { theme?: 'dark' | 'light' } = {}): Promise<Locator> {
    return this.open(`/a/${APP}/${path}`, options);
  }

  /** What axe finds by the rules of WCAG 2.1 A and AA, a line each. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: {
          run(
            context: Document,
            options: object,
          ): Promise<{
            violations: Array<{ id: string; help: string; nodes: Array<{ html: string; failureSummary: string }> }>;
          }>;
        };
      };
      const { violations } = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(
          ({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 300)} ${failureSummary.slice(0, 300)}`,
        ),
      );
    });
  }

  /** Keeps a picture of the whole page in the folder of screenshots. */
  async shoot(name: string): Promise<void> {
    await expect.poll(() => this.#icons.size).toBe(0);
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const folder = join(SHOTS, this.target.name.replace('/', '-'));
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
  }

  /** A request to Grafana's HTTP API as this user. */
  async api(method: 'GET' | 'POST' | 'PUT', path: string, data?: object): Promise<{ status: number; body: unknown }> {
    const response = await this.page.request.fetch(`${this.target.url}${path}`, {
      method,
      ...(data === undefined ? {} : { data }),
    });
    const text = await response.text();
    try {
      return { status: response.status(), body: JSON.parse(text) };
    } catch {
      return { status: response.status(), body: text };
    }
  }

  #note(problem: string): void {
    if (this.#expected?.test(problem) !== true) this.problems.push(problem);
  }
}

interface Fixtures {
  target: Target;
  /** A visitor with a browser context of its own; the test fails when one has problems at its end. */
  as: (login: Login) => Promise<Visitor>;
  /** Makes the evaluator's front misbehave until the test is over. */
  fault: (behaviour: Behaviour) => Promise<void>;
}

export const test = base.extend<Fixtures>({
  target: async ({}, use, testInfo) => {
    const target = targets().find(({ name }) => name === testInfo.project.name);
    if (target === undefined) throw new Error(`there is no target ${testInfo.project.name}`);
    await use(target);
  },
  as: async ({ browser, target }, use) => {
    const visitors: Visitor[] = [];
    await use(async (login) => {
      const context = await browser.newContext({
        extraHTTPHeaders: { Authorization: authorization(login) },
        viewport: { width: 1360, height: 900 },
        timezoneId: 'UTC',
        locale: 'en-US',
      });
      const visitor = new Visitor(await context.newPage(), target);
      visitors.push(visitor);
      return visitor;
    });
    for (const { page } of visitors) await page.context().close();
    expect(visitors.flatMap(({ problems }) => problems)).toEqual([]);
  },
  fault: async ({ target, request }, use) => {
    const { front } = target;
    const behave = async (behaviour: Behaviour): Promise<void> => {
      if (front === undefined) throw new Error('This needs a front before the evaluator: GUARDSPAN_E2E_FRONT.');
      expect((await request.put(`${front}/front`, { data: behaviour })).ok()).toBe(true);
    };
    await use(behave);
    await behave({ fault: 'pass' });
  },
});

export { expect };
