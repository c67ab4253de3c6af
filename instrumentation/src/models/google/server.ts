import { serverAt } from '../shared/server.js';
import type { Server } from '../shared/server.js';

/** Where the client of an API object (`apiClient`) sends its calls. */
export function serverOf(client: unknown): Server {
  const api = client as { isVertexAI?: () => boolean; getBaseUrl?: () => string } | null | undefined;
  const vertex = typeof api?.isVertexAI === 'function' && api.isVertexAI();
  const address = typeof api?.getBaseUrl === 'function' ? api.getBaseUrl() : '';
  return { ...serverAt(address, ''), provider: vertex ? 'gcp.vertex_ai' : 'gcp.gemini' };
}
