import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { withLock } from './lock.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium: `GUARDSPAN_CHROMIUM`, one of `PATH`, or Debian's package, which is installed when we are root (it needs too many libraries to be
 * unpacked on its own).
 *
 * @returns {Promise<string | { missing: string }>} The program, or why there is none.
 */
export async function ensureChromium() {
  const find = () =>
    [
      process.env.GUARDSPAN_CHROMIUM,
      ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ].find((path) => path && existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  const apt = await run('apt-get', ['--version'], { output: 'capture' });
  if (apt.code !== 0 || process.getuid?.() !== 0)
    return { missing: `none of ${NAMES.join(', ')} is in PATH; install one, or set GUARDSPAN_CHROMIUM` };
  return withLock(
    join(tmpdir(), 'guardspan-chromium.lock'),
    async () => {
      if (find() !== undefined) return find();
      progress('installing Chromium from Debian');
      const install = () =>
        run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
          output: 'capture',
          env: { DEBIAN_FRONTEND: 'noninteractive' },
        });
      let { code, output } = await install();
      if (code !== 0) {
        await run('apt-get', ['update'], { output: 'capture' });
        ({ code, output } = await install());
      }
      return find() ?? { missing: `apt-get install chromium ended with ${code}: ${output.trim().split('\n').at(-1)}` };
    },
    { waiting: (pid) => progress(`process ${pid} installs Chromium; waiting for it`) },
  );
}
