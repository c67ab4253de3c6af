import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the benchmark uses of Playwright, which is a dependency of the stand-in and not of the workspace. */
export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  waitForSelector(selector: string, options?: { timeout?: number }): Promise<unknown>;
  waitForTimeout(milliseconds: number): Promise<void>;
  focus(selector: string): Promise<void>;
  keyboard: { press(key: string): Promise<void> };
  context(): { newCDPSession(page: Page): Promise<Session>; close(): Promise<void> };
}
export interface Session {
  send(method: string): Promise<unknown>;
}
export interface Browser {
  newPage(options?: object): Promise<Page>;
  close(): Promise<void>;
}

/** Starts Chromium. Throws when the stand-in's packages or the program are not there. */
export async function startBrowser(host: string, executablePath: string): Promise<Browser> {
  const require = createRequire(join(host, 'package.json'));
  const { chromium } = require('@playwright/test') as { chromium: { launch(options: object): Promise<Browser> } };
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

/** Bytes of JavaScript heap in use after a full collection. */
export async function heapOf(session: Session): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
}
