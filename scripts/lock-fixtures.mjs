// Renews the lock files of the fixture projects: after a change of their dependencies, or of those of our packages.
// Arguments are names of projects; none means all.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { PACKED, packPackages, PROJECTS } from './lib/fixtures.mjs';
import { main } from './lib/main.mjs';
import { runNpm } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await packPackages();
  const names = process.argv.slice(2);
  for (const { name, folder } of PROJECTS.filter((project) => names.length === 0 || names.includes(project.name))) {
    const path = join(folder, 'package-lock.json');
    // npm keeps what it knows of our packages otherwise, although their tarballs changed.
    rmSync(path, { force: true });
    const { code } = await runNpm(['install', '--package-lock-only', '--prefer-offline'], {
      cwd: folder,
      output: 'stderr',
    });
    if (code !== 0) throw new Error(`npm could not lock test/fixtures/${name}`);
    const lock = JSON.parse(readFileSync(path, 'utf8'));
    // Their tarballs change with each build, so their digest cannot be locked.
    for (const packed of PACKED) delete lock.packages[`node_modules/@guardspan/${packed}`].integrity;
    writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  }
  return 0;
});
