import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] Working directory; the repository root by default.
 * @property {Record<string, string | undefined>} [env] Added to the environment; `undefined` removes a variable.
 * @property {'inherit' | 'stderr' | 'capture'} [output] Where the child's output goes: to ours as it is (default), all of it to our
 *   stderr, or into the result.
 * @property {boolean} [input] Whether the child reads our standard input.
 * @property {number} [timeoutSeconds] Ends the child, and what it started, after this time.
 */

/**
 * @typedef {object} RunResult
 * @property {number} code Exit code; 128 + signal number when a signal ended the child, 127 when it could not be started.
 * @property {string} output Standard output and error, in the order of arrival, when captured.
 * @property {boolean} timedOut
 */

/**
 * Runs a command to its end. Signals that end us are passed on, so that Ctrl-C leaves no process behind.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const { cwd = ROOT, env = {}, output = 'inherit', input = false, timeoutSeconds } = options;
  const sink = output === 'capture' ? 'pipe' : output === 'stderr' ? 2 : 'inherit';
  // Own process group when there is a time limit: a test runner's workers have to end with it.
  const detached = timeoutSeconds !== undefined && process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: childEnv(env),
      stdio: [input ? 'inherit' : 'ignore', sink, output === 'inherit' ? 'inherit' : sink],
      detached,
      shell: process.platform === 'win32' && command === 'npm',
    });
    let text = '';
    let timedOut = false;
    child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk) => (text += chunk));

    const kill = (signal) => {
      try {
        if (detached) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It ended in the meantime.
      }
    };
    const forward = (signal) => {
      // A terminal sends SIGINT to the child too, unless it has a group of its own; twice would mean "now, without cleaning up".
      if (signal !== 'SIGINT' || detached || !process.stdin.isTTY) kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill('SIGKILL');
          }, timeoutSeconds * 1000);

    const finish = (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
      resolve({ code, output: text, timedOut });
    };
    child.on('error', (error) => {
      text += `${error.message}\n`;
      if (output !== 'capture') process.stderr.write(`${command}: ${error.message}\n`);
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/**
 * Runs npm: the one that started us when there is one, so that both have the same version and settings.
 *
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function runNpm(args, options = {}) {
  const self = process.env.npm_execpath;
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip', ...options.env };
  return self?.endsWith('.js') || self?.endsWith('.cjs')
    ? run(process.execPath, [self, ...args], { ...options, env })
    : run('npm', args, { ...options, env });
}

function childEnv(extra) {
  const env = { ...process.env };
  const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  // Whatever a child starts as `node` is then the pinned Node.
  env[pathKey] = [join(ROOT, 'node_modules', '.bin'), env[pathKey]].filter(Boolean).join(delimiter);
  for (const [key, value] of Object.entries(extra)) {
    if (value === undefined) delete env[key];
    else env[key] = value;
  }
  return env;
}
