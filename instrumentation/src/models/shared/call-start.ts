import { GEN_AI } from '@guardspan/policy/runtime';
import type { ModelKind, TextPart } from '@guardspan/policy/runtime';
import type { CallStart } from '../../guard/types.js';
import { actionsFor } from './capabilities.js';
import type { Server } from './server.js';

/** What an adapter knows of a request to a remote model. */
export interface RequestFacts {
  /** Name of the client, also `guardspan.model.framework`. */
  client: string;
  model: string;
  kind: ModelKind;
  /** `gen_ai.operation.name`. */
  operation: string;
  streamed: boolean;
  server: Server;
  texts: () => readonly TextPart[];
}

/** The start of a call of a remote model through a client that can wait for checks, with its `gen_ai.*` attributes. */
export function callStart({ client, model, kind, operation, streamed, server, texts }: RequestFacts): CallStart {
  const { provider, address, port } = server;
  const spanAttributes: Record<string, string | number | boolean> = {
    [GEN_AI.OPERATION_NAME]: operation,
    [GEN_AI.PROVIDER_NAME]: provider,
    [GEN_AI.REQUEST_MODEL]: model,
  };
  if (streamed) spanAttributes[GEN_AI.REQUEST_STREAM] = true;
  if (address !== '') {
    spanAttributes[GEN_AI.SERVER_ADDRESS] = address;
    spanAttributes[GEN_AI.SERVER_PORT] = port;
  }
  return {
    client,
    model: { name: model, version: '', kind, framework: client, provider },
    operation,
    streamed,
    texts,
    can: actionsFor(streamed),
    awaits: true,
    remote: true,
    spanAttributes,
  };
}
