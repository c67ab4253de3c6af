import type { Page } from '@playwright/test';

/** Presses Tab until the focus is on what has this label or text; fails after a page's worth of stops. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let stop = 0; stop < 120; stop += 1) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const label =
        element?.id === undefined || element.id === ''
          ? null
          : document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
      return `${element?.getAttribute('aria-label') ?? ''} ${element?.textContent ?? ''} ${label?.textContent ?? ''}`;
    });
    if (name.test(text)) return;
  }
  throw new Error(`no focus on ${name}`);
}

/** Frames of the page come this many milliseconds late from now on, as on a busy machine; 0 for in time. */
export async function delayFrames(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate((late) => {
    const { dataset } = document.body;
    if (dataset['late'] === undefined) {
      const frame = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) =>
        dataset['late'] === '0' ? frame(callback) : window.setTimeout(() => frame(callback), Number(dataset['late']));
    }
    dataset['late'] = String(late);
  }, milliseconds);
}
