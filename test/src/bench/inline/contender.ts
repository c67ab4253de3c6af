/** One way of deciding about the benchmark's call. Each lives in a file of its own. */
export interface Contender {
  name: string;
  /** Decides once about a prompt of 4 KB. Returns a promise when it must wait. */
  decide(prompt: string): unknown;
  close?(): Promise<void> | void;
}

/** Makes a contender, or says in a sentence why it cannot take part here. */
export type MakeContender = () => Promise<Contender | string> | Contender | string;
