import type { ClientRequest } from 'node:http';

const counted = new WeakSet<ClientRequest>();

/** The request is counted by whoever guards it, and must not be counted as one that was seen outside of a call. */
export function asCounted(request: ClientRequest): void {
  counted.add(request);
}

/** True for a request of {@link asCounted}. */
export function isCounted(request: ClientRequest): boolean {
  return counted.has(request);
}
