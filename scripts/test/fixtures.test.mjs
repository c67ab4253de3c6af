import { describe, expect, it } from 'vitest';
import { isUnreachable } from '../lib/fixtures.mjs';

describe('a fixture that npm cannot install', () => {
  it.each(['EAI_AGAIN', 'ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT'])(
    'is missing when the network is cut (%s)',
    (code) => {
      expect(isUnreachable(`npm error code ${code}\nnpm error request to https://registry.example/x failed\n`)).toBe(
        true,
      );
    },
  );

  it.each(['EUSAGE', 'EINTEGRITY', 'E404', 'ERESOLVE'])('fails for any other reason (%s)', (code) => {
    expect(isUnreachable(`npm error code ${code}\nnpm error `)).toBe(false);
  });
});
