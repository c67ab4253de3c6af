import { diag, DiagLogLevel } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { status } from '../../src/guard/runtime.js';
import { CLIENT_MODULES, patchClient } from '../../src/loader/clients.js';
import { FakeRuntime } from '../support/fake-runtime.js';

afterEach(() => diag.disable());

it.each(CLIENT_MODULES)('%s in which nothing can be patched is warned about once, and status() names it', (module) => {
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger({ ...logger, warn: (message) => warnings.push(message) }, DiagLogLevel.WARN);
  const host = new FakeRuntime();
  for (let turn = 0; turn < 2; turn++) expect(patchClient(module, { unknown: true }, '99.0.0', host)).toBeNull();
  expect(warnings.filter((message) => message.includes(module))).toHaveLength(1);
  expect(warnings.join()).toContain('is loaded but not guarded');
  expect(status().clients).toContainEqual({ module, version: '99.0.0', patched: false });
  expect(host.sites).toEqual([]);
});
