import { z } from 'zod';
import type { Route } from './route.js';
import { routes } from './routes/index.js';
import { problemSchema } from './schemas.js';

export const OPENAPI_PATH = '/api/v1/openapi.json';

type Json = { [key: string]: unknown };
/** Answers that every operation may give, by the thing that it has. */
const SHARED = {
  query: { 400: 'The query or the body is wrong.' },
  body: {
    400: 'The query or the body is wrong.',
    413: 'The body is too large.',
    415: 'The content type is not taken.',
  },
  role: {
    401: 'The token is missing or unknown.',
    403: 'The role of the token is too low.',
    429: 'Too many wrong tokens.',
  },
  always: { 500: 'A fault of the evaluator.', 503: 'The store takes no writes.' },
} as const;

/** The OpenAPI 3.1 description, made from the schemas that check requests. */
export function createOpenApiDocument(): Json {
  const paths: { [path: string]: Json } = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  paths[OPENAPI_PATH] = {
    get: {
      operationId: 'getOpenApi',
      summary: 'This document',
      tags: ['meta'],
      security: [],
      responses: {
        200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Guardspan evaluator',
      version: '1',
      description:
        'Times are seconds from epoch, durations are seconds. Refusals are problem documents (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  };
}

function operation(route: Route): Json {
  const responses: { [status: string]: Json } = {};
  const refuse = (answers: { readonly [status: number]: string }): void => {
    for (const [status, description] of Object.entries(answers)) responses[status] ??= problem(description);
  };
  for (const [status, spec] of Object.entries(route.responses)) {
    if (Number(status) >= 400) responses[status] = problem(spec.description);
    else {
      const type = spec.contentType ?? 'application/json';
      const schema = spec.schema === undefined ? { type: 'string' } : jsonSchema(spec.schema, 'output');
      const empty = spec.schema === undefined && spec.contentType === undefined;
      responses[status] = { description: spec.description, ...(empty ? {} : { content: { [type]: { schema } } }) };
    }
  }
  if (route.query !== undefined) refuse(SHARED.query);
  if (route.body !== undefined || route.text !== undefined) refuse(SHARED.body);
  if (route.role !== null) refuse(SHARED.role);
  refuse(SHARED.always);
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.role === null ? { security: [] } : { 'x-guardspan-role': route.role }),
    parameters: parameters(route),
    ...requestBody(route),
    responses,
  };
}

function parameters(route: Route): Json[] {
  const path = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const headers = (route.requestHeaders ?? []).map(({ name, description }) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  if (route.query === undefined) return [...path, ...headers];
  const schema = jsonSchema(route.query, 'input') as { properties?: { [name: string]: Json }; required?: string[] };
  const query = Object.entries(schema.properties ?? {}).map(([name, value]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: value,
  }));
  return [...path, ...query, ...headers];
}

function requestBody(route: Route): Json {
  if (route.text !== undefined) {
    const content = Object.fromEntries(
      route.text.map((type) => [type, { schema: { type: type === 'application/json' ? 'object' : 'string' } }]),
    );
    return { requestBody: { required: true, content } };
  }
  if (route.body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } },
  };
}

function problem(description: string): Json {
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}
