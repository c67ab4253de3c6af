import type { ClientErrors } from '../../actions/errors.js';
import { foundErrors } from '../shared/client-errors.js';
import type { ErrorClass } from '../shared/client-errors.js';

/** What is used of the module. */
export interface MistralModule {
  Mistral: new (options: object) => object;
  HTTPClient?: new (options: object) => object;
}

/** The class of the errors that carry a status; its parts in the message are for its own. */
type SdkErrorClass = new (message: string, meta: { response: Response; request: Request; body: string }) => Error;

const SILENT = { group: () => undefined, groupEnd: () => undefined, log: () => undefined };

/** A request of a client of ours that is answered here with a failure. Hooks, by which the client traces itself, are taken out of it. */
async function fail({ Mistral, HTTPClient }: MistralModule): Promise<unknown> {
  if (HTTPClient === undefined) return undefined;
  const fetcher = (): Promise<Response> => Promise.resolve(new Response('{}', { status: 403 }));
  const client = new Mistral({ apiKey: 'none', httpClient: new HTTPClient({ fetcher }), debugLogger: SILENT }) as {
    _options?: { hooks?: object };
    models?: { list?: (request: undefined, options: object) => Promise<unknown> };
  };
  for (const hooks of Object.values(client._options?.hooks ?? {}) as unknown[])
    if (Array.isArray(hooks)) hooks.length = 0;
  return client.models?.list?.(undefined, { retries: { strategy: 'none' } });
}

function generate(found: ErrorClass, status: number, message: string, headers: Headers): unknown {
  const body = JSON.stringify({ message });
  headers.set('content-type', 'application/json');
  const response = new Response(body, { status, headers });
  return new (found as SdkErrorClass)('', { response, request: new Request('http://localhost'), body });
}

/** `SDKError`, which is a `MistralError`: with `statusCode`, `body`, `headers`, `rawResponse`. */
export function mistralErrors(module: MistralModule): ClientErrors {
  return foundErrors(() => fail(module), generate);
}
