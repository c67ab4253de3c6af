import { FIXTURES, installFixture, packPackages } from './fixtures.mjs';

/**
 * Our packages as users install them beside the older line of OpenTelemetry, in a project of their own.
 *
 * @returns {Promise<string | { missing: string }>} Folder of the project, or why there is none.
 */
export async function ensureLine2x() {
  const fixture = FIXTURES.find(({ name }) => name === 'otel-2x');
  await packPackages();
  return (await installFixture(fixture)) ?? fixture.folder;
}
