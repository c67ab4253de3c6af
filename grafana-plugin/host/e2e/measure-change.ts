import { APP, expect, type Visitor } from './fixtures';

const READ = `/api/plugin-proxy/${APP}/read/api/v1`;
/** Decisions that are read at once; what is slow here adds nothing to what is measured. */
const PAGE = 1000;
/** The process that the guard-rail of a test is for. */
const SERVICE = 'assistant';

interface Process {
  service: string;
  connected: boolean;
  revision: string;
  acknowledgedAt: number;
}
interface Decision {
  at: number;
  body: { verdicts: Array<{ guardrail: string; disposition: string }> };
}

/** What came of the approval of a change; seconds from the second person's click. */
export interface Approved {
  /** Until the process said that it has it. */
  acknowledged: number;
  /** Until the first call that it was enforced on in the process. */
  enforced: number;
  /** Digest of the set that the process has now, and of the one before. */
  revision: string;
  revisionBefore: string;
}

/**
 * Clicks on Approve on the page of a guard-rail, and waits until a running process enforces the change. Browser, evaluator and process are
 * on one machine, so that their clocks are one.
 */
export async function approveAndTime(approver: Visitor, name: string): Promise<Approved> {
  const { page } = approver;
  const button = page.getByRole('button', { name: 'Approve' });
  await expect(button).toBeEnabled();
  const before = await processOf(approver);
  // The click as the browser sees it, before any code of the page does.
  await page.evaluate(() => {
    const note = () => (document.body.dataset['clicked'] = String((performance.timeOrigin + performance.now()) / 1000));
    window.addEventListener('click', note, { capture: true, once: true });
  });
  await button.click();
  await expect(page.getByText('wants to change it')).toHaveCount(0);
  const clicked = await page.evaluate(() => Number(document.body.dataset['clicked']));
  expect(clicked).toBeGreaterThan(0);

  const enforced = async (): Promise<number> => {
    const answer = await approver.api(
      'GET',
      `${READ}/audit?kind=decision&guardrail=${name}&limit=${PAGE}&descending=true`,
    );
    const { items } = answer.body as { items: Decision[] };
    // Newest first: the first one after the click is among them only if they reach back to it.
    if (items.length === PAGE && items.at(-1)!.at > clicked) throw new Error('too many calls since the click');
    const times = items
      .filter(({ at, body }) => at >= clicked && body.verdicts.some((one) => isEnforced(one, name)))
      .map(({ at }) => at);
    return times.length === 0 ? 0 : Math.min(...times) - clicked;
  };
  await expect.poll(enforced).toBeGreaterThan(0);
  const { revision, acknowledgedAt } = await processOf(approver);
  return {
    ...{ acknowledged: acknowledgedAt - clicked, enforced: await enforced() },
    ...{ revision, revisionBefore: before.revision },
  };
}

function isEnforced({ guardrail, disposition }: { guardrail: string; disposition: string }, name: string): boolean {
  return guardrail === name && disposition === 'enforced';
}

async function processOf(visitor: Visitor): Promise<Process> {
  const { body } = await visitor.api('GET', `${READ}/fleet`);
  const found = (body as { items: Process[] }).items.find(({ service, connected }) => connected && service === SERVICE);
  if (found === undefined) throw new Error(`no process of ${SERVICE} is connected`);
  return found;
}

/** What a page that is held back sent. */
export interface Held {
  /** What the evaluator answered to each save, trials left out. */
  saves: number[];
}

/**
 * Keeps a page from learning that a guard-rail was changed, until the evaluator answered a save of it: answers to reads are those of before. Saves
 * reach the evaluator as the page sends them, and its answers reach the page as they are.
 */
export async function holdBack({ page, target }: Visitor, name: string): Promise<Held> {
  const held: Held = { saves: [] };
  const known = await page.request.get(`${target.url}${READ}/guardrails/${name}`);
  const body = await known.text();
  const isOf = (access: string) => (url: URL) => url.pathname.endsWith(`/${access}/api/v1/guardrails/${name}`);
  await page.route(isOf('read'), async (route) => {
    if (held.saves.length > 0) return route.fallback();
    return route.fulfill({ status: known.status(), contentType: known.headers()['content-type'], body });
  });
  await page.route(isOf('write'), async (route) => {
    if (new URL(route.request().url()).searchParams.get('dryRun') === 'true') return route.fallback();
    const response = await route.fetch();
    held.saves.push(response.status());
    return route.fulfill({ response });
  });
  return held;
}
