import { textOf } from '../shared/json.js';
import { serverAt } from '../shared/server.js';
import type { Server } from '../shared/server.js';

/** Where an object of the client sends its calls. */
export function serverOf(self: unknown): Server {
  const base = (self as { _baseURL?: unknown } | null)?._baseURL;
  return serverAt(base instanceof URL ? base.href : textOf(base), 'mistral_ai');
}
