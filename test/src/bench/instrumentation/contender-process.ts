import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A program of the peers' project that stays and answers questions. */
export class ContenderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {}

  /** Starts a program under a contender. Resolves when it is ready; rejects when it ends before. */
  static async start(
    folder: string,
    program: 'openai-calls.mjs' | 'onnx-calls.mjs',
    mode: string,
    env: Record<string, string>,
  ): Promise<ContenderProcess> {
    const child = fork(join(folder, program), [], {
      cwd: folder,
      env: { ...process.env, ...env, MODE: mode },
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new ContenderProcess(child, mode);
    await started.#answer();
    return started;
  }

  /** Microseconds of one call, by so many at full speed: of CPU time with their export, or what the caller of a model waits. */
  round(calls: number): Promise<number> {
    return this.#ask({ round: calls });
  }

  /** Megabytes that the process holds after so many seconds of steady traffic and a full collection. */
  pace(seconds: number): Promise<number> {
    return this.#ask({ pace: seconds });
  }

  /** Ends it. */
  end(): void {
    this.child.send('end');
  }

  #ask(question: object): Promise<number> {
    const answer = this.#answer();
    this.child.send(question);
    return answer;
  }

  #answer(): Promise<number> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the process of ${this.name} ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (told) => {
        this.child.off('exit', ended);
        resolve(Number(told));
      });
    });
  }
}
