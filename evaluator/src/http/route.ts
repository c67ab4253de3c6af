import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Principal, Role } from '../auth/types.js';
import type { ApiDeps } from './deps.js';

/** What an operation is given. Everything in it has been checked. */
export interface Context<Q = unknown, B = unknown> {
  deps: ApiDeps;
  principal: Principal;
  params: { readonly [name: string]: string };
  query: Q;
  body: B;
  /** Lower-case names. */
  headers: { readonly [name: string]: string | string[] | undefined };
}
/** What an operation answers: a JSON value, nothing, or a stream that it writes itself. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: { [name: string]: string };
  /** Takes over the response after status and headers are set; ends it. */
  stream?: (response: ServerResponse) => Promise<void> | void;
}
export interface ResponseSpec {
  description: string;
  schema?: z.ZodType;
  /** Default `application/json`. */
  contentType?: string;
}
/** One operation of the API: what it is in the OpenAPI document, and what runs. */
export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** With `{name}` for parameters, from the root. */
  path: string;
  operationId: string;
  summary: string;
  tag: string;
  /** Null: anybody. */
  role: Role | null;
  query?: z.ZodType;
  /** JSON body. */
  body?: z.ZodType;
  /** Content types of a body that is passed on as text. */
  text?: readonly string[];
  /** Request headers that it reads. */
  requestHeaders?: readonly { name: string; description: string }[];
  /** Successful answers, and refusals of its own. Those that every operation shares are added by the document. */
  responses: { readonly [status: number]: ResponseSpec };
  handle(context: Context): Promise<Reply> | Reply;
}

/** Keeps the types of query and body from the schemas to the handler. */
export function defineRoute<Q extends z.ZodType, B extends z.ZodType>(
  route: Omit<Route, 'handle' | 'query' | 'body'> & {
    query?: Q;
    body?: B;
    handle(context: Context<z.infer<Q>, z.infer<B>>): Promise<Reply> | Reply;
  },
): Route {
  return route as unknown as Route;
}
