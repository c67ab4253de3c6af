import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Begins the traffic. */
export interface BackgroundRequest {
  /** Base URL of an OTLP/HTTP receiver. */
  url: string;
  spansPerSecond: number;
  batchSize: number;
}
/** What came of it until now. */
export interface BackgroundReply {
  /** Acknowledged. */
  spansPerSecond: number;
  sent: number;
  acknowledged: number;
  failed: number;
}

/** Steady feed traffic from another process. */
export class Background {
  private constructor(private readonly child: ChildProcess) {}

  static start(request: BackgroundRequest): Background {
    const child = fork(fileURLToPath(new URL('./background-process.js', import.meta.url)));
    child.send(request);
    return new Background(child);
  }

  /** Ends the traffic and tells what came of it. */
  async stop(): Promise<BackgroundReply> {
    this.child.send('rate');
    const [reply] = (await once(this.child, 'message')) as [BackgroundReply];
    this.child.disconnect();
    return reply;
  }
}
