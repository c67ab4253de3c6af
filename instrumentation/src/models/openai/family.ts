import type { ClientFamily } from '../stainless/endpoint.js';

/** The official client, also used with every server that speaks its API. */
export const OPENAI: ClientFamily = { client: 'openai', provider: 'openai' };
