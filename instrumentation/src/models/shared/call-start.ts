import { GEN_AI } from '@guardspan/policy/runtime';
import type { ModelKind, TextPart } from '@guardspan/policy/runtime';
import type { ClientErrors } from '../../actions/errors.js';
import type { CallStart } from '../../guard/types.js';
import { actionsFor, withoutReroute } from './capabilities.js';
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
  /** The request does not name the model, so that it cannot be rerouted. */
  addressed?: boolean | undefined;
  /** The errors of the client. */
  errors?: ClientErrors | undefined;
}

/** What every call of one model by one operation of a client starts with. Never changed, so that whoever builds on it may remember what it built. */
interface Known {
  facts: Omit<RequestFacts, 'server' | 'texts' | 'errors' | 'addressed'>;
  model: CallStart['model'];
  spanAttributes: Record<string, string | number | boolean>;
}
/** Of the last call to a server: most calls are like the one before. */
const known = new WeakMap<Server, Known>();

function knownOf({ client, model, kind, operation, streamed, server }: RequestFacts): Known {
  const last = known.get(server);
  if (last !== undefined) {
    const { facts } = last;
    const same = facts.model === model && facts.operation === operation && facts.streamed === streamed;
    if (same && facts.client === client && facts.kind === kind) return last;
  }
  const { provider, address, port } = server;
  const spanAttributes: Known['spanAttributes'] = {
    [GEN_AI.OPERATION_NAME]: operation,
    [GEN_AI.PROVIDER_NAME]: provider,
    [GEN_AI.REQUEST_MODEL]: model,
  };
  if (streamed) spanAttributes[GEN_AI.REQUEST_STREAM] = true;
  if (address !== '') {
    spanAttributes[GEN_AI.SERVER_ADDRESS] = address;
    spanAttributes[GEN_AI.SERVER_PORT] = port;
  }
  const next: Known = {
    facts: { client, model, kind, operation, streamed },
    model: { name: model, version: '', kind, framework: client, provider },
    spanAttributes,
  };
  known.set(server, next);
  return next;
}

/** The start of a call of a remote model through a client that can wait for checks, with its `gen_ai.*` attributes. */
export function callStart(facts: RequestFacts): CallStart {
  const { client, operation, streamed, texts, errors, addressed } = facts;
  const { model, spanAttributes } = knownOf(facts);
  const start: CallStart = {
    client,
    model,
    operation,
    streamed,
    texts,
    can: addressed === true ? withoutReroute(streamed) : actionsFor(streamed),
    awaits: true,
    remote: true,
    spanAttributes,
  };
  if (errors !== undefined) start.errors = errors;
  return start;
}
