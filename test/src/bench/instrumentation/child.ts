import { fork, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs a program of the peers' project and resolves with what it tells. Rejects when it ends before. */
export function ask<T>(folder: string, program: string, env: Record<string, string>): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, program), [], {
      cwd: folder,
      env: { ...process.env, ...env },
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let told: T | undefined;
    child.once('message', (message) => (told = message as T));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (told !== undefined && code === 0) resolve(told);
      else reject(new Error(`${program} (${env['MODE'] ?? ''}) ended with ${code}`));
    });
  });
}

/** Milliseconds from start to end of a program of the peers' project. Rejects when it fails. */
export function duration(folder: string, program: string, preload: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(process.execPath, [...(preload === undefined ? [] : ['--import', preload]), program], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - from);
      else reject(new Error(`${program} under ${preload ?? 'no preload'} ended with ${code}`));
    });
  });
}
