/** A request as the local server got it. */
export interface WireRequest {
  method: string;
  /** Below the address that the client was given. */
  path: string;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
  /** How often the same usage has asked before; 0 for the first time. */
  attempt: number;
}

/** What the local server answers. */
export interface WireAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Written one after the other, each as a piece of its own. */
  pieces: readonly (string | Uint8Array)[];
  /** `end`: complete. `cut`: the connection breaks after the pieces. `open`: nothing more comes, until the client goes away. */
  ending?: 'end' | 'cut' | 'open';
}

/** How often and with what one usage calls a model, and what may be compared. */
export interface Usage<Client> {
  name: string;
  /**
   * What an application does. The result is compared between runs. Of a streamed answer it has the key `text`: the texts of the answer, put together,
   * because redaction moves the borders between the pieces.
   */
  run(client: Client): Promise<unknown>;
  /** Calls that must be guarded. Default 1. */
  calls?: number;
  /** Calls that cannot be guarded as they are made, and are counted so. Default 0. */
  unguarded?: number;
  /** The application takes the raw HTTP response, so its answer is not judged. */
  raw?: boolean;
  /** A call of a classical model: there is no text in it, and its name cannot be exchanged. */
  wordless?: boolean;
  /** What the application is told to run holds the personal data of the answer, too. */
  commands?: boolean;
  /** The name of the model is in the address, so it cannot be exchanged. */
  addressed?: boolean;
  /** The application sees a part of the answer only (cut, aborted, left), or none of it. */
  partial?: boolean;
  /** Nearly all of its time it waits, for a timeout or a retry, and it reads no stream: such usages run at once, after the others. */
  waits?: boolean;
}

/** One client library: how it is loaded, who answers, and what applications do with it. */
export interface ClientDescription<Client = unknown> {
  name: string;
  /** As applications load it; a module of Node's own for applications that use none. */
  module: string;
  /** The module that must be found patched, where it is another one (frameworks); null for none. Default `module`. */
  patched?: string | null;
  /** Settings of ours that this client needs, by the address of its server. */
  env?(url: string): Record<string, string>;
  /** False for a client that exists as an ES module only. Default true. */
  commonJs?: boolean;
  /** A client of the loaded module that asks `baseUrl` (no slash at its end), with the library's own retries off unless a usage turns them on. */
  connect(module: unknown, baseUrl: string): Client;
  /** True for a client that speaks HTTP/2. Default false. */
  http2?: boolean;
  /** Speaks the provider's wire format. */
  answer(request: WireRequest): WireAnswer;
  /** The model that a request on the wire asks for. */
  modelOf(request: WireRequest): string;
  /** Parameters by which a target of this client asks `other` instead. */
  reroute: { [parameter: string]: string };
  usages: readonly Usage<Client>[];
}

/** Lets a description know the type of its client while the runner need not. */
export function describeClient<Client>(description: ClientDescription<Client>): ClientDescription {
  return description as ClientDescription;
}
