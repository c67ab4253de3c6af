import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import { sayIssue } from '@guardspan/policy';
import { isLoopback } from '../auth/create-authenticator.js';
import { hasRole } from '../auth/roles.js';
import { actingFor } from '../auth/on-behalf.js';
import type { Principal } from '../auth/types.js';
import { StoreError } from '../store/store-error.js';
import { ApiError } from './api-error.js';
import type { ApiDeps } from './deps.js';
import { matchParts } from './match-parts.js';
import { createOpenApiDocument, OPENAPI_PATH } from './openapi.js';
import { parseJson, readBody } from './read-body.js';
import type { Reply, Route } from './route.js';
import { routes } from './routes/index.js';

/** The second is where tools that speak OPA ask (docs/decide.md). */
const PREFIXES = ['/api/v1/', '/v1/data/guardspan/'];
const DEFAULT_MAX_BODY = 1_048_576;
/** Makes URLs of paths; its host says nothing. */
const BASE = 'http://localhost';

/** Handles a request and resolves to true, or to false when its path is not of the API. Never rejects. */
export type ApiHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The HTTP API under `/api/v1`. `onFault` is told of errors that are ours; answers never hold their text. */
export function createApi(deps: ApiDeps, onFault: (error: Error) => void = () => undefined): ApiHandler {
  const openapi = JSON.stringify(createOpenApiDocument());
  const table: Compiled[] = [...routes, openApiRoute(openapi)].map((route) => ({
    route,
    parts: route.path.split('/'),
  }));

  return async (request, response) => {
    const target = request.url ?? '/';
    // What a browser never sends, like `//`, is no fault of ours to be logged.
    if (!URL.canParse(target, BASE)) return false;
    const url = new URL(target, BASE);
    if (!PREFIXES.some((prefix) => url.pathname.startsWith(prefix))) return false;
    try {
      await send(response, await run(url, request));
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof StoreError)) onFault(error as Error);
      if (response.headersSent) response.destroy();
      else await send(response, problemReply(error as Error));
    }
    return true;
  };

  async function run(url: URL, request: IncomingMessage): Promise<Reply> {
    const { route, params } = find(table, url.pathname, request.method ?? 'GET');
    const principal = admit(deps, route, request);
    const query = checked(route.query, Object.fromEntries(url.searchParams), 'query');
    let body: unknown;
    if (route.body !== undefined || route.text !== undefined) {
      const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
      const accepted = route.text ?? ['application/json'];
      if (!accepted.includes(type)) {
        throw new ApiError(
          415,
          'GUARDSPAN_CONTENT_TYPE',
          `The content type ${type || '(none)'} is not taken.`,
          `Send ${accepted.join(' or ')}.`,
        );
      }
      const text = await readBody(request, deps.maxBodyBytes ?? DEFAULT_MAX_BODY);
      if (route.text !== undefined && type === 'application/json') parseJson(text);
      body = route.text === undefined ? checked(route.body, parseJson(text), 'body') : text;
    }
    return route.handle({ deps, principal, params, query, body, headers: request.headers });
  }
}

interface Compiled {
  route: Route;
  parts: string[];
}

function find(
  table: readonly Compiled[],
  pathname: string,
  method: string,
): { route: Route; params: { [name: string]: string } } {
  const parts = pathname.split('/');
  const allowed: string[] = [];
  for (const { route, parts: pattern } of table) {
    const params = matchParts(pattern, parts);
    if (params === undefined) continue;
    if (route.method === method) return { route, params };
    allowed.push(route.method);
  }
  if (allowed.length === 0) {
    throw new ApiError(404, 'GUARDSPAN_NO_ROUTE', `Nothing is served at ${pathname}.`, `See ${OPENAPI_PATH}.`);
  }
  const allow = allowed.join(', ');
  throw new ApiError(405, 'GUARDSPAN_METHOD', `${method} is not served at ${pathname}.`, `Use ${allow}.`, {
    headers: { allow },
  });
}

const ANYBODY: Principal = { name: '', role: 'viewer', services: [], models: [] };

function admit(deps: ApiDeps, route: Route, request: IncomingMessage): Principal {
  if (route.role === null) return ANYBODY;
  if (deps.auth.singleUser) refuseForeignPage(request);
  const result = deps.auth.authenticate(request.headers.authorization, request.socket.remoteAddress ?? '');
  if (!result.ok) {
    if (result.reason === 'throttled') {
      throw new ApiError(
        429,
        'GUARDSPAN_TOO_MANY_FAILURES',
        'Too many requests without a valid token.',
        'Wait, and check the token.',
        {
          headers: { 'retry-after': String(result.retryAfter) },
        },
      );
    }
    throw new ApiError(
      401,
      'GUARDSPAN_UNAUTHORIZED',
      'A valid bearer token is needed.',
      'Send `Authorization: Bearer <token>`.',
      {
        headers: { 'www-authenticate': 'Bearer' },
      },
    );
  }
  const principal = onBehalf(result.principal, request);
  if (!hasRole(principal.role, route.role)) {
    throw new ApiError(403, 'GUARDSPAN_FORBIDDEN', `This needs the role ${route.role}.`, 'Use a token with that role.');
  }
  return principal;
}

function onBehalf(principal: Principal, request: IncomingMessage): Principal {
  try {
    return actingFor(principal, request.headers);
  } catch {
    throw new ApiError(
      403,
      'GUARDSPAN_ON_BEHALF',
      'The header x-grafana-context does not name a user.',
      'Send requests with this token through the app of Grafana, or give other clients a token without on_behalf.',
    );
  }
}

/** Without tokens a web page could send requests to this machine on its visitor's behalf, or rebind a name to it. */
function refuseForeignPage(request: IncomingMessage): void {
  const { host, origin } = request.headers;
  if (isLocalHost(`http://${host ?? ''}`) && (origin === undefined || isLocalHost(origin))) return;
  throw new ApiError(
    403,
    'GUARDSPAN_FOREIGN_ORIGIN',
    'In single-user mode only this machine is served.',
    'Configure tokens to serve others.',
  );
}

function isLocalHost(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const name = new URL(text).hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || isLoopback(name);
}

function checked(schema: z.ZodType | undefined, value: unknown, where: 'query' | 'body'): unknown {
  if (schema === undefined) return {};
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, 100).map((issue) => ({
    code: 'GUARDSPAN_INVALID',
    message: sayIssue(issue),
    line: 0,
    column: 0,
    path: issue.path.join('.'),
    hint: '',
  }));
  const { path, message } = errors[0]!;
  throw new ApiError(
    400,
    'GUARDSPAN_INVALID',
    `The ${where} is wrong: ${path === '' ? ofTheWhole(message) : `${path}: ${message}`}`,
    `See ${OPENAPI_PATH}.`,
    { errors },
  );
}

/** What is said of a value that has no name: most of what there is to say needs a subject. */
function ofTheWhole(message: string): string {
  return message.startsWith('unknown ') ? message : `it ${message}`;
}

function problemReply(error: Error): Reply {
  const known =
    error instanceof ApiError
      ? error
      : error instanceof StoreError
        ? new ApiError(503, error.code, 'The store did not take it.', error.hint, { headers: { 'retry-after': '1' } })
        : new ApiError(500, 'GUARDSPAN_INTERNAL', 'The evaluator failed on this request.', 'Its log says why.');
  return {
    status: known.status,
    headers: { ...known.headers, 'content-type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[known.status] ?? 'Error',
      status: known.status,
      detail: known.message,
      code: known.code,
      hint: known.hint,
      errors: known.errors,
    },
  };
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  response.statusCode = reply.status;
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.stream !== undefined) {
    await reply.stream(response);
    return;
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
}

function openApiRoute(text: string): Route {
  return {
    method: 'GET',
    path: OPENAPI_PATH,
    operationId: 'getOpenApi',
    summary: 'This document',
    tag: 'meta',
    role: null,
    responses: { 200: { description: 'OpenAPI 3.1.' } },
    handle: () => ({ status: 200, body: text }),
  };
}
