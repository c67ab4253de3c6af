/** One message to one receiver, as it is kept until it was taken or given up. Times in seconds from epoch. */
export interface WebhookRow {
  /** Unique; the same in each attempt, so that a receiver can tell a repetition. */
  id: string;
  url: string;
  /** Exact text that is sent and signed. */
  body: string;
  at: number;
  attempts: number;
  /** When it is tried next; 0 for a dead letter. */
  nextAt: number;
  /** Why the last attempt failed; empty before the first. */
  reason: string;
  /** When it was given up; 0 before. */
  deadAt: number;
}

/** What is kept of messages. */
export interface WebhookStore {
  putWebhooks(rows: readonly WebhookRow[], remove: readonly string[]): Promise<void>;
  webhooks(): Promise<WebhookRow[]>;
}
