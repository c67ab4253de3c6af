import type { ModelKind } from '@guardspan/policy/runtime';
import { sharedState } from '../../guard/shared-state.js';

/** A server of models that the application asks over HTTP, without a client that is patched. */
export interface HttpModels {
  /** Addresses that belong to it; `*` stands for anything, for example `http://models:8080/*`. */
  url: string;
  /** Name of the model where neither path nor body says it (MLflow). */
  name?: string;
  version?: string;
  /** Of models that are not language models. Default `other`. */
  kind?: ModelKind;
}

/** The declaration of an address; undefined for one that nobody declared. Earlier declarations win. */
export function declarationFor(declared: readonly HttpModels[], address: string): HttpModels | undefined {
  const bare = address.replace(/[?#].*$/, '');
  return declared.find(({ url }) => matches(url, bare));
}

/** Glob with `*` only, in time linear in the address for each star. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop()!;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const shared = sharedState<{ servers: readonly HttpModels[] }>('http-models.v1', () => ({ servers: [] }));

/** Servers that the guard of this thread was started with, for clients that were patched before; none without a guard. */
export function declaredServers(): readonly HttpModels[] {
  return shared.servers;
}

/** Sets {@link declaredServers}. */
export function useDeclaredServers(declared: readonly HttpModels[]): void {
  shared.servers = declared;
}
