import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../process/http-client.js';
import type { HttpAnswer } from '../process/http-client.js';
import { CRASH, editedDocument } from './documents.js';
import type { Target } from './target.js';

/** Milliseconds between two writes. */
const PAUSE = 25;

/** A late outcome as the API takes it. */
export interface Fact {
  call_id: string;
  name: string;
  value: string;
  at: number;
}

/** Writes through the API as people and pipelines do, never repeats a write, and remembers what was acknowledged. */
export class Operator {
  /** Reasons of kill switches that were acknowledged. */
  readonly kills = new Set<string>();
  /** Reasons of feedback that was acknowledged. */
  readonly feedback = new Set<string>();
  /** Revisions of the edited document that were acknowledged. */
  readonly revisions = new Set<string>();
  readonly facts: Fact[] = [];
  /** Ids of the verdicts that the API showed. */
  readonly verdicts = new Set<string>();
  #stopped = false;
  readonly #client = new HttpClient();

  constructor(private readonly target: Target) {}

  /** Rows that must be there after any crash. */
  get acknowledged(): number {
    return this.kills.size + this.feedback.size + this.revisions.size + this.facts.length + this.verdicts.size;
  }

  /** Writes and reads in turns until {@link stop}. */
  async run(): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const url = await this.target.url();
      try {
        await this.#act(`${url}/api/v1`, n);
      } catch (error) {
        if (error instanceof UnexpectedAnswerError) throw error;
      }
      await sleep(PAUSE);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #act(api: string, n: number): Promise<void> {
    switch (n % 5) {
      case 0: {
        const reason = `kill ${n}`;
        const scope = { guardrail: `none-${n}`, model: '', service: '' };
        const body = JSON.stringify({ scope, reason, expiresIn: 2 });
        if (created(await this.#client.send('POST', `${api}/kill`, body))) this.kills.add(reason);
        return;
      }
      case 1: {
        const answer = await this.#client.send('PUT', `${api}/guardrails/${CRASH.EDITED}`, editedDocument(n), {
          [this.revisions.size === 0 ? 'if-none-match' : 'if-match']: '*',
        });
        // The first version may be there although its answer was lost.
        if (answer.status === 412) {
          const { revision } = await this.#client.get<{ revision: string }>(`${api}/guardrails/${CRASH.EDITED}`);
          this.revisions.add(revision);
        } else if (created(answer))
          this.revisions.add((JSON.parse(answer.body) as { guardrail: { revision: string } }).guardrail.revision);
        return;
      }
      case 2: {
        const fact = { call_id: `call-${n}`, name: 'repaid', value: 'yes', at: Date.now() / 1000 };
        if (created(await this.#client.send('POST', `${api}/truths`, JSON.stringify({ items: [fact] }))))
          this.facts.push(fact);
        return;
      }
      case 3: {
        const { items } = await this.#client.get<{ items: { id: string }[] }>(`${api}/verdicts?limit=50`);
        for (const { id } of items) this.verdicts.add(id);
        return;
      }
      default: {
        const verdictId = [...this.verdicts].at(-1);
        if (verdictId === undefined) return;
        const reason = `feedback ${n}`;
        const body = JSON.stringify({ verdictId, judgement: n % 2 === 0 ? 'right' : 'false_alarm', reason });
        if (created(await this.#client.send('POST', `${api}/feedback`, body))) this.feedback.add(reason);
      }
    }
  }

  /** Facts that are not there any more: sent again, they are taken as new. */
  async lostFacts(url: string): Promise<number> {
    let lost = 0;
    for (let i = 0; i < this.facts.length; i += 1000) {
      const body = JSON.stringify({ items: this.facts.slice(i, i + 1000) });
      const answer = await this.#client.send('POST', `${url}/api/v1/truths`, body);
      lost += (JSON.parse(answer.body) as { accepted: number }).accepted;
    }
    return lost;
  }

  close(): void {
    this.#client.close();
  }
}

class UnexpectedAnswerError extends Error {}

/** True for an acknowledgement; false when the evaluator is not ready. */
function created({ status, body }: HttpAnswer): boolean {
  if (status === 200 || status === 201) return true;
  if (status >= 500) return false;
  throw new UnexpectedAnswerError(`the API answered ${status}: ${body.slice(0, 300)}`);
}
