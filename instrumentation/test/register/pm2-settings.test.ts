import { expect, it } from 'vitest';
import { unpackPm2Settings } from '../../src/sdk/pm2-settings.js';

it('takes from what pm2 hands over the settings of OpenTelemetry and Guardspan, and nothing else', () => {
  const packed = {
    GUARDSPAN_ENDPOINT: 'http://evaluator',
    OTEL_SERVICE_NAME: 'shop',
    PATH: '/tmp',
    pm_id: 0,
    OTEL_X: {},
  };
  const env = { pm2_env: JSON.stringify(packed), PATH: '/bin', OTEL_SERVICE_NAME: 'pm2' };
  unpackPm2Settings(env);
  expect(env).toEqual({
    pm2_env: env.pm2_env,
    PATH: '/bin',
    OTEL_SERVICE_NAME: 'shop',
    GUARDSPAN_ENDPOINT: 'http://evaluator',
  });
});

it('leaves every other environment as it is', () => {
  for (const packed of [undefined, '', 'not JSON', 'null', '[]']) {
    const env: NodeJS.ProcessEnv = packed === undefined ? {} : { pm2_env: packed };
    const before = { ...env };
    unpackPm2Settings(env);
    expect(env).toEqual(before);
  }
});
