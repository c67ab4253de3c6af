import { installFixture, packPackages, PEERS } from './fixtures.mjs';

/**
 * Other instrumentations beside our packages as users install them, in a project of their own.
 *
 * @returns {Promise<string | { missing: string }>} Folder of the project, or why there is none.
 */
export async function ensurePeers() {
  await packPackages();
  const outcome = await installFixture(PEERS);
  return outcome ?? PEERS.folder;
}
